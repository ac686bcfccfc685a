"""The axis of sizes: parameters by doublings, those of the few small models closer to one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log2, log10

from llm_gallery.figure.kit.axes import Tick

SMALL = 31.0
"""Doublings, of 2³¹ parameters, under which the scale is finer."""
FINER = 0.4
"""Share of the scale that they have."""


@dataclass(frozen=True, slots=True)
class SizeAxis:
    """Numbers as px from `start`, upward, so many px for a doubling."""

    low: float
    start: float
    doubling: float

    def at(self, number: float) -> float:
        """The y of a number."""
        return self.start - self.doubling * (_weight(log2(number)) - _weight(self.low))

    def ticks(self, most: int) -> list[Tick]:
        """Powers of ten up to a number, with their words."""
        first = ceil(self.low * log10(2))
        tens = (10.0**power for power in range(first, floor(log10(most)) + 1))
        return [Tick(self.at(ten), _words(ten)) for ten in tens]


def size_axis(numbers: Sequence[int], start: float, end: float) -> SizeAxis:
    """The axis on which these numbers lie between two y, the least a little above the lower one."""
    low, high = log2(min(numbers)) - 0.5, log2(max(numbers))
    return SizeAxis(low, start, (start - end) / (_weight(high) - _weight(low)))


def _weight(doublings: float) -> float:
    return doublings if doublings >= SMALL else SMALL - FINER * (SMALL - doublings)


def _words(number: float) -> str:
    """A power of ten: "100M", "10B", "1T"."""
    return next(f"{number / one:g}{unit}" for one, unit in _UNITS if number >= one)


_UNITS = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"), (1.0, ""))
