"""Points in a plane: a plane is found again, what is none is kept as well as it can be, and every run finds the same."""

from __future__ import annotations

import random
from math import hypot, isclose, sqrt

import pytest

from llm_gallery.lineage.scaling import Points, classical, nearer, scaled, stress


def apart(points: Points) -> list[list[float]]:
    return [[hypot(a - c, b - d) for c, d in points] for a, b in points]


def plane(seed: int, count: int) -> Points:
    made = random.Random(seed)
    return [(made.uniform(-9, 9), made.uniform(-2, 2)) for _ in range(count)]


@pytest.mark.parametrize("seed", range(6))
def test_a_plane_is_found_again(seed: int) -> None:
    known = apart(plane(seed, 5 + 7 * seed))
    for found in (classical(known), scaled(known)):
        for row, other in zip(apart(found), known, strict=True):
            assert all(isclose(a, b, abs_tol=1e-6) for a, b in zip(row, other, strict=True))
    assert stress(scaled(known), known) < 1e-6


def test_a_line_stays_a_line() -> None:
    found = scaled([[abs(a - b) for b in (0, 1, 3, 7)] for a in (0.0, 1.0, 3.0, 7.0)])
    assert [round(x, 6) for x, _ in found] == [-2.75, -1.75, 0.25, 4.25]
    assert all(abs(y) < 1e-6 for _, y in found)


def test_the_first_stands_at_the_lower_left_and_the_farthest_spread_lies_across() -> None:
    for seed in range(6):
        found = scaled(apart(plane(seed, 12)))
        assert found[0][0] <= 0
        assert found[0][1] <= 0
        assert sum(x * x for x, _ in found) >= sum(y * y for _, y in found)
        assert abs(sum(x * y for x, y in found)) < 1e-6


def test_stress_by_hand() -> None:
    """Two points that should stand 5 apart and stand 3 apart: the error of 2 over the distance of 5."""
    assert stress([(0, 0), (3, 0)], [[0, 5], [5, 0]]) == pytest.approx(2 / 5)
    assert stress([(0, 0), (3, 4)], [[0, 5], [5, 0]]) == 0.0
    assert stress([(0, 0)], [[0]]) == 0.0


def test_each_round_makes_the_stress_no_larger() -> None:
    """The four corners of a tetrahedron, which no plane holds."""
    solid = [[0.0 if a == b else 1.0 for b in range(4)] for a in range(4)]
    points: Points = [(0.0, 0.0), (1.0, 0.1), (0.2, 0.9), (0.8, 1.3)]
    before = stress(points, solid)
    for _ in range(40):
        points = nearer(points, solid)
        after = stress(points, solid)
        assert after <= before + 1e-12
        before = after
    square = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
    side = (4 + 2 * sqrt(2)) / 8  # the scale at which a square errs least
    best = stress([(x * side, y * side) for x, y in square], solid)
    assert before == pytest.approx(best, abs=1e-3)


def test_equal_points_and_none_apart() -> None:
    assert scaled([[0.0] * 3 for _ in range(3)]) == [(0.0, 0.0)] * 3
    twins = scaled([[0, 0, 2], [0, 0, 2], [2, 2, 0]])
    assert twins[0] == pytest.approx(twins[1], abs=1e-6)
