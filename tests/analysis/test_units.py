"""Numbers as people read them."""

from __future__ import annotations

import pytest

from llm_gallery.analysis.units import binary, bounded, gigaflop, grouped, short


@pytest.mark.parametrize(
    ("count", "words"),
    [(594, "594"), (1500, "1.50K"), (671_026_419_200, "671.03B"), (1_026_408_232_448, "1.03T")],
)
def test_short(count: int, words: str) -> None:
    assert short(count) == words


@pytest.mark.parametrize(
    ("count", "words"),
    [(12, "12 B"), (24 * 1024, "24 KiB"), (70_272, "68.6 KiB"), (2**31, "2 GiB")],
)
def test_binary(count: int, words: str) -> None:
    assert binary(count) == words


def test_grouped() -> None:
    assert grouped(671_026_419_200) == "671,026,419,200"


def test_gigaflop() -> None:
    assert gigaflop(236_987_654_321) == "236.99 GFLOP"
    assert gigaflop(12_345_678_901_234) == "12,345.68 GFLOP"


def test_a_count_that_may_be_less_is_a_most() -> None:
    assert bounded(4_920_000_000, most=True) == "at most 4.92B"
    assert bounded(4_920_000_000, most=False) == "4.92B"
