"""Path data as lines and curves: where they go is where SVG draws them."""

from __future__ import annotations

from math import hypot

import pytest

from llm_gallery.figure.kit.segments import stretches
from llm_gallery.figure.kit.shapes import Point


def places(path: str, x: float = 0, y: float = 0) -> list[list[tuple[float, ...]]]:
    return [[tuple(point) for point in stretch.points] for stretch in stretches(path, x, y)]


def test_lines_by_every_command() -> None:
    path = "h4v3l-1 2zm10 0h2"
    assert places(path, 1, 1) == [[(1, 1), (5, 1), (5, 4), (4, 6), (1, 1)], [(11, 1), (13, 1)]]
    assert [stretch.closed for stretch in stretches(path)] == [True, False]


def test_what_follows_a_move_is_drawn() -> None:
    assert places("m1 1 2 0 0 2") == [[(1, 1), (3, 1), (3, 3)]]


def test_whole_places_count_from_the_origin() -> None:
    found = places("M-1 7L7 -1M1 1H6V2", 10, 20)
    assert found == [[(9, 27), (17, 19)], [(11, 21), (16, 21), (16, 22)]]


@pytest.mark.parametrize("path", ["m-3 0a3 3 0 0 1 6 0a3 3 0 0 1 -6 0z", "m0 3a3 3 0 1 0 0 -6"])
def test_arcs_keep_their_distance(path: str) -> None:
    """All of a circle's points lie on it."""
    for stretch in stretches(path):
        assert all(abs(hypot(x, y) - 3) < 0.01 for x, y in stretch.points)


@pytest.mark.parametrize(("sweep", "side"), [(1, -2.0), (0, 2.0)])
def test_half_an_ellipse_goes_to_its_side(sweep: int, side: float) -> None:
    (course,) = places(f"a5 2 0 0 {sweep} 10 0")
    assert [course[0], course[-1]] == [(0, 0), (10, 0)]
    assert max((point[1] for point in course), key=abs) == pytest.approx(side, abs=0.01)


def test_a_curve_of_one_control() -> None:
    """It meets its middle where the rule of three points has it."""
    (one,) = stretches("q4 0 4 4")
    assert one.points[4] == pytest.approx(Point(3, 1))
    (whole,) = stretches("c4 0 4 0 4 4")
    assert whole.segments[0].controls == ((4, 0), (4, 0))
