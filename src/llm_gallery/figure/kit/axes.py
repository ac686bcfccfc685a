"""The axes of charts, of dates and of numbers: where a value stands, and the ticks by which a chart is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import ceil, floor, log2

COMPRESSED = date(2023, 1, 1)
"""Before this day a year is a stub, and a break marks it."""
FULL = date(2024, 1, 1)
"""From this day on the axis has its full scale; the year before has half of it."""
STUB = 30.0
"""Px of a compressed year."""
LEAST, MOST = 52.0, 0.15
"""Px that compressed time takes at least, for its year and the break beside that of 2023; at most its share."""
YEAR, QUARTER = 36.0, 28.0
"""Px from one label to the next, whose middles stand there: years, and quarters beside years."""
_EVEN = tuple(m * 10**e for e in range(-2, 9) for m in (1, 2, 5))


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis with its words; a `main` one weighs more than those between."""

    at: float
    words: str
    main: bool = False


@dataclass(frozen=True, slots=True)
class DateAxis:
    """Days as px, piecewise linear, so that the sparse years before 2024 take little room.

    `knots` are where the scale changes.
    """

    knots: tuple[tuple[date, float], ...]

    def at(self, day: date) -> float:
        """The x of a day, which may lie outside the knots."""
        for (start, left), (end, right) in pairwise(self.knots):
            x = left + (right - left) * (day - start).days / (end - start).days
            if day < end:
                return x
        return x

    @property
    def broken(self) -> float | None:
        """Where the compressed years end; None where there are none."""
        first = self.knots[0][0]
        return self.at(COMPRESSED) if first < COMPRESSED < self.knots[-1][0] else None

    def ticks(self) -> tuple[Tick, ...]:
        """The years, and "Q2" to "Q4" of those of full scale where they have room beside the years."""
        years = tuple(self._years())
        return (*years, *self._quarters(years))

    def _years(self) -> Iterator[Tick]:
        """The years whose first day the axis shows; of the compressed ones only the first.

        One that would stand on the year before it is left out.
        """
        first, last = self.knots[0][0], self.knots[-1][0]
        taken = -YEAR + self.knots[0][1]
        for year in range(first.year, last.year + 1):
            day = date(year, 1, 1)
            shown = first <= day <= last and (day >= COMPRESSED or day == first)
            if shown and self.at(day) - taken >= YEAR:
                taken = self.at(day)
                yield Tick(taken, f"{year}", main=True)

    def _quarters(self, years: Sequence[Tick]) -> Iterator[Tick]:
        """Of the years that are named, and of the one that the axis begins in."""
        first, last = self.knots[0][0], self.knots[-1][0]
        taken, named = [year.at for year in years], {int(year.words) for year in years}
        for year in sorted(y for y in named | {first.year} if y >= FULL.year):
            for quarter in (2, 3, 4):
                day = date(year, 3 * quarter - 2, 1)
                x = self.at(day)
                if first <= day <= last and all(abs(x - other) >= QUARTER for other in taken):
                    taken.append(x)
                    yield Tick(x, f"Q{quarter}")


def date_axis(days: Sequence[date], left: float, right: float) -> DateAxis:
    """The axis on which these days lie between two x; it begins with a year, from 2024 on with a quarter."""
    first, last = min(days), max(days)
    start = date(first.year, 1 if first < FULL else (first.month - 1) // 3 * 3 + 1, 1)
    if last == start:
        last = date(start.year + 1, 1, 1)
    inner = [day for day in (COMPRESSED, FULL) if start < day < last]
    knots = [start, *inner, last]
    spans = list(pairwise(knots))
    past = sum((b - a).days for a, b in spans if b <= COMPRESSED)
    stub = min(max(STUB * past / 365.25, LEAST), MOST * (right - left)) if past else 0.0
    heavy = sum((b - a).days * (0.5 if b <= FULL else 1.0) for a, b in spans if b > COMPRESSED)
    x, found = left, [(start, left)]
    for a, b in spans:
        days_between = (b - a).days
        if b <= COMPRESSED:
            x += stub * days_between / past
        else:
            x += (right - left - stub) * days_between * (0.5 if b <= FULL else 1.0) / heavy
        found.append((b, x))
    return DateAxis(tuple(found))


@dataclass(frozen=True, slots=True)
class NumberAxis:
    """Numbers as px from `start` to `end`, evenly or by doublings; `low` and `high` are powers of two then."""

    low: float
    high: float
    doubling: bool
    start: float
    end: float

    def at(self, number: float) -> float:
        """The place of a number."""
        at = log2(number) if self.doubling else number
        return self.start + (at - self.low) / (self.high - self.low) * (self.end - self.start)

    def lines(self, steps: int, *, tens: bool = False) -> list[float]:
        """Numbers at which the grid stands: powers of ten where there are two, or with so many steps at most between."""
        first, last = ceil(self.low / log2(10)), int(self.high / log2(10))
        if tens and first < last:
            return [10.0**e for e in range(first, last + 1)]
        if self.doubling:
            step = max(1, ceil((self.high - self.low) / steps))
            return [2.0**e for e in range(int(self.low), int(self.high) + 1, step)]
        even = next(s for s in _EVEN if self.high / s <= 5)
        return [even * i for i in range(int(self.high / even) + 1)]

    def ticks(self, words: Callable[[float], str], *, tens: bool = False) -> tuple[Tick, ...]:
        """The lines of the grid with their words."""
        return tuple(Tick(self.at(line), words(line)) for line in self.lines(5, tens=tens))


def number_axis(
    numbers: Sequence[float], start: float, end: float, *, doubling: bool
) -> NumberAxis:
    """The axis on which these numbers lie: evenly from zero, or from one power of two to another."""
    if not doubling:
        return NumberAxis(0.0, max(numbers) * 1.05, doubling, start, end)
    low, high = floor(log2(min(numbers))), ceil(log2(max(numbers)))
    return NumberAxis(low, max(high, low + 1), doubling, start, end)
