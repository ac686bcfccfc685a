"""A date axis: piecewise linear, so that the sparse years before 2024 take little room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

COMPRESSED = date(2023, 1, 1)
"""Before this day a year is a stub, and a break marks it."""
FULL = date(2024, 1, 1)
"""From this day on the axis has its full scale; the year before has half of it."""
STUB = 30.0
"""Px of a compressed year."""


@dataclass(frozen=True, slots=True)
class Axis:
    """Days as px; `knots` are where the scale changes."""

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

    def years(self) -> Iterator[tuple[int, float]]:
        """The years whose first day the axis shows, with their x; of the compressed ones only the first."""
        first, last = self.knots[0][0], self.knots[-1][0]
        for year in range(first.year, last.year + 1):
            day = date(year, 1, 1)
            if first <= day <= last and (day >= COMPRESSED or day == first):
                yield year, self.at(day)

    def quarters(self) -> Iterator[tuple[str, float]]:
        """ "Q2" to "Q4" of the years that have the full scale."""
        last = self.knots[-1][0]
        for year in range(max(FULL.year, self.knots[0][0].year), last.year + 1):
            for quarter in (2, 3, 4):
                day = date(year, 3 * quarter - 2, 1)
                if self.knots[0][0] <= day <= last:
                    yield f"Q{quarter}", self.at(day)


def axis(days: Sequence[date], left: float, right: float) -> Axis:
    """The axis on which these days lie between two x; it begins with a year, from 2024 on with a quarter."""
    first, last = min(days), max(days)
    start = date(first.year, 1 if first < FULL else (first.month - 1) // 3 * 3 + 1, 1)
    if last == start:
        last = date(start.year + 1, 1, 1)
    inner = [day for day in (COMPRESSED, FULL) if start < day < last]
    knots = [start, *inner, last]
    spans = list(pairwise(knots))
    stub = sum(STUB * (b - a).days / 365.25 for a, b in spans if b <= COMPRESSED)
    heavy = sum((b - a).days * (0.5 if b <= FULL else 1.0) for a, b in spans if b > COMPRESSED)
    x, found = left, [(start, left)]
    for a, b in spans:
        days_between = (b - a).days
        if b <= COMPRESSED:
            x += STUB * days_between / 365.25
        else:
            x += (right - left - stub) * days_between * (0.5 if b <= FULL else 1.0) / heavy
        found.append((b, x))
    return Axis(tuple(found))
