"""Short forms: every digit that is shown is right, and what is there is never shown as nothing."""

from __future__ import annotations

from datetime import date

import pytest

from llm_gallery.site.short_forms import count, day, flop, ranges, share, slug


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (12, "12"),
        (999, "999"),
        (1_000, "1K"),
        (596_049_920, "596M"),
        (999_999_999, "1B"),
        (79_674_391_296, "79.7B"),
        (671_026_419_200, "671B"),
        (1_026_408_232_448, "1.03T"),
    ],
)
def test_count(number: int, text: str) -> None:
    assert count(number) == text


def test_flop() -> None:
    assert flop(7_240_000_000) == "7.24 GFLOP"
    assert flop(1_200_000_000_000) == "1.2 TFLOP"
    assert flop(12) == "12 FLOP"


def test_day() -> None:
    assert day(date(2025, 9, 11)) == "11 Sep 2025"


def test_share() -> None:
    assert share(1, 3) == "33.3%"
    assert share(0, 3) == "none"
    assert share(1, 10_000) == "< 0.1%"


def test_slug() -> None:
    assert slug("Z.ai") == "z-ai"
    assert slug("Sliding-window GQA") == "sliding-window-gqa"
    assert slug("<>") == "x"


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ([], ""),
        ([5], "5"),
        ([1, 3], "1, 3"),
        ([0, 1, 2], "0-2"),
        (list(range(3, 48, 4)), "3, 7 … 47"),
        ([0, 4, 5, 6, 7], "0, 4-7"),
    ],
)
def test_ranges(numbers: list[int], text: str) -> None:
    assert ranges(numbers) == text
