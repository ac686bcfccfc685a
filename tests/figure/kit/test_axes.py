"""The axes: where days and numbers stand, and the ticks beside them."""

from __future__ import annotations

from datetime import date

from llm_gallery.figure.kit.axes import date_axis, number_axis


def test_by_doublings_from_the_power_below_to_the_one_above() -> None:
    axis = number_axis([5, 100], 200, 100, doubling=True)
    assert (axis.at(4), axis.at(128)) == (200, 100)
    assert axis.at(32) == 140
    assert axis.lines(5, tens=False) == [4, 8, 16, 32, 64, 128]
    assert axis.lines(4, tens=False) == [4, 16, 64]
    assert axis.lines(4, tens=True) == [10, 100]


def test_evenly_from_zero_with_room_above() -> None:
    axis = number_axis([3, 40], 200, 100, doubling=False)
    assert axis.at(0) == 200
    assert axis.at(42) == 100
    assert axis.lines(5, tens=False) == [0, 10, 20, 30, 40]


def test_one_number_has_an_axis() -> None:
    assert number_axis([64], 200, 100, doubling=True).at(128) == 100


def words(first: date, last: date, wide: float) -> str:
    """The ticks of an axis of such days, from left to right."""
    found = sorted(date_axis([first, last], 0, wide).ticks(), key=lambda tick: tick.at)
    return " ".join(tick.words for tick in found)


def test_years_before_2023_are_a_stub_and_quarters_stand_where_there_is_room() -> None:
    first, last = date(2018, 6, 11), date(2026, 3, 31)
    assert words(first, last, 350) == "2018 2023 2024 Q3 2025 Q3 2026"
    assert words(first, last, 900) == "2018 2023 2024 Q2 Q3 Q4 2025 Q2 Q3 Q4 2026"
    axis = date_axis([first, last], 0, 350)
    assert axis.broken == 52.5
    assert axis.at(last) == 350


def test_no_quarter_stands_behind_another_year() -> None:
    """Where the second year has no room, its quarters would be read as the first one's."""
    assert words(date(2023, 1, 5), date(2026, 3, 31), 110) == "2023 2025 2026"
    assert words(date(2025, 5, 1), date(2026, 2, 1), 400) == "Q2 Q3 Q4 2026"
