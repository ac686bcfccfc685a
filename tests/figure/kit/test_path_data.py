"""Path data of lines: relative steps in tenths that end where the line ends."""

from __future__ import annotations

from llm_gallery.figure.kit.path_data import courses, joined, terse, tips
from llm_gallery.figure.kit.shapes import Line, Point


def line(*points: tuple[float, float], arrow: bool = False) -> Line:
    return Line(points=tuple(Point(x, y) for x, y in points), arrow=arrow)


def test_a_straight_line() -> None:
    assert courses([(line((1, 2), (1, 12.04)), 0, 0)]) == "M1 2v10"
    assert courses([(line((1, 2), (-3, 2)), 10, 0.5)]) == "M11 2.5h-4"


def test_a_corner_is_rounded_as_far_as_its_sides_allow() -> None:
    assert courses([(line((0, 20), (0, 0), (30, 0)), 0, 0)]) == "M0 20v-14q0-6 6-6h24"
    assert courses([(line((0, 4), (0, 0), (30, 0)), 0, 0)]) == "M0 4q0-4 4-4h26"


def test_a_line_ends_where_its_tip_begins() -> None:
    drawn = line((0, 20), (0, 0), arrow=True)
    assert courses([(drawn, 0, 0)]) == "M0 20v-14.7"
    assert tips([(drawn, 0, 0)]) == "M0 0l3 6.5h-6z"
    assert tips([(drawn, 0, 0), (drawn, 5, -2)]) == "M0 0l3 6.5h-6zm5-2l3 6.5h-6z"


def test_pieces_start_from_the_last_one_that_ends_where_it_starts() -> None:
    assert joined([(0, 0, "h2v2z"), (3, 0, "h2v2z")]) == "M0 0h2v2zm3 0h2v2z"
    assert joined([(9, 0, "m-1 0h2v2z"), (3, 0, "h2")]) == "M9 0m-1 0h2v2zM3 0h2"
    assert joined([(1, 1, "h4"), (3, 0, "h4v1z"), (2.5, 0, "h1")]) == "M1 1h4M3 0h4v1zM2.5 0h1"


def test_a_line_starts_from_the_end_of_the_last_one_where_that_is_shorter() -> None:
    first, near, far = (
        line((100.5, 0), (100.5, 40)),
        line((101.5, 40), (90, 40)),
        line((0, 0), (0, 9)),
    )
    drawn = courses([(one, 0, 0) for one in (first, near, far)])
    assert drawn == "M100.5 0v40m1 0h-11.5M0 0v9"


def test_path_data_says_nothing_twice() -> None:
    assert terse("m0 0h8.00v0.50h-8z") == "h8v.5h-8z"
    assert (
        terse("m0.38 -0.25h10v-0.00 100.0a26.00 6.00 0 0 1 5.05 0")
        == "m.38-.25h10v-0 100a26 6 0 0 1 5.05 0"
    )
    assert terse("m0 0.38h1m0 0h3") == "m0 .38h1m0 0h3"
