"""An upright axis of numbers: how high they stand, by doublings or evenly from zero, and where its lines are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log2

_EVEN = tuple(m * 10**e for e in range(-2, 9) for m in (1, 2, 5))


@dataclass(frozen=True, slots=True)
class NumberAxis:
    """Numbers as px; `low` and `high` are powers of two where heights go by doublings."""

    low: float
    high: float
    doubling: bool
    bottom: float
    room: float

    def at(self, number: float) -> float:
        """The y of a number."""
        at = log2(number) if self.doubling else number
        return self.bottom - (at - self.low) / (self.high - self.low) * self.room

    def lines(self, steps: int, *, tens: bool) -> list[float]:
        """Numbers at which the grid stands: powers of ten, or with so many steps at most between them."""
        if tens:
            first, last = ceil(self.low / log2(10)), int(self.high / log2(10))
            return [10.0**e for e in range(first, last + 1)]
        if self.doubling:
            step = max(1, ceil((self.high - self.low) / steps))
            return [2.0**e for e in range(int(self.low), int(self.high) + 1, step)]
        even = next(s for s in _EVEN if self.high / s <= 5)
        return [even * i for i in range(int(self.high / even) + 1)]


def number_axis(
    numbers: Sequence[float], bottom: float, room: float, *, doubling: bool
) -> NumberAxis:
    """The axis on which these numbers lie, `room` px high from `bottom`."""
    if not doubling:
        return NumberAxis(0.0, max(numbers) * 1.05, doubling, bottom, room)
    low, high = floor(log2(min(numbers))), ceil(log2(max(numbers)))
    return NumberAxis(low, max(high, low + 1), doubling, bottom, room)
