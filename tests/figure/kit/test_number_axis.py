"""The axis of numbers: where they stand, and the lines beside them."""

from __future__ import annotations

import pytest

from llm_gallery.figure.kit.number_axis import number_axis


def test_by_doublings_from_the_power_below_to_the_one_above() -> None:
    axis = number_axis([5, 100], 200, 100, doubling=True)
    assert (axis.at(4), axis.at(128)) == (200, 100)
    assert axis.at(32) == pytest.approx(140)
    assert axis.lines(5, tens=False) == [4, 8, 16, 32, 64, 128]
    assert axis.lines(4, tens=False) == [4, 16, 64]
    assert axis.lines(4, tens=True) == [10, 100]


def test_evenly_from_zero_with_room_above() -> None:
    axis = number_axis([3, 40], 200, 100, doubling=False)
    assert axis.at(0) == 200
    assert axis.at(42) == pytest.approx(100)
    assert axis.lines(5, tens=False) == [0, 10, 20, 30, 40]


def test_one_number_has_an_axis() -> None:
    assert number_axis([64], 200, 100, doubling=True).at(128) == 100
