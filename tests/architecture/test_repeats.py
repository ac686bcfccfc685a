"""Folding: expanding gives the sequence back, and known schedules fold as their papers write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_gallery.architecture.repeats import Run, equal_runs, fold

SEQUENCES = st.lists(st.integers(0, 3), max_size=70)
UNITS = st.lists(st.integers(0, 2), min_size=1, max_size=9)


def expanded(runs: tuple[Run, ...]) -> list[int]:
    return [kind for run in runs for kind in run.unit * run.times]


def symbols(runs: tuple[Run, ...]) -> int:
    groups = [len(equal_runs(run.unit)) for run in runs]
    return sum(count + (count > 1) for count in groups)


@given(SEQUENCES)
def test_expanding_gives_the_sequence_back(sequence: list[int]) -> None:
    assert expanded(fold(sequence)) == sequence
    assert expanded(equal_runs(sequence)) == sequence
    assert sum(run.layers for run in fold(sequence)) == len(sequence)


@given(SEQUENCES)
def test_folding_is_never_longer_than_joining_equal_neighbours(sequence: list[int]) -> None:
    assert symbols(fold(sequence)) <= symbols(equal_runs(sequence))


@given(UNITS, st.integers(2, 8), st.lists(st.integers(3, 4), max_size=3))
def test_a_repeated_unit_is_found(unit: list[int], times: int, rest: list[int]) -> None:
    whole = unit * times + rest
    assert symbols(fold(whole)) <= len(equal_runs(unit)) + 1 + len(equal_runs(rest))


@pytest.mark.parametrize(
    ("sequence", "runs"),
    [
        ([], []),
        ([0] * 5, [((0,), 5)]),
        ([0] * 3 + [1] * 58, [((0,), 3), ((1,), 58)]),
        ([0, 0, 0, 1] * 12, [((0, 0, 0, 1), 12)]),
        ([0, 1] * 12, [((0, 1), 12)]),
        (
            [0, 0, 0, 0, 0, 1] * 10 + [0, 0],
            [((0, 0, 0, 0, 0, 1), 10), ((0,), 2)],
        ),
        ([0, 1, 2] * 2 + [3], [((0, 1, 2), 2), ((3,), 1)]),
    ],
    ids=["none", "equal", "prefix", "delta", "alternating", "gemma", "rest"],
)
def test_known_schedules(sequence: list[int], runs: list[tuple[tuple[int, ...], int]]) -> None:
    assert [(run.unit, run.times) for run in fold(sequence)] == runs
