"""A date axis: piecewise linear, so that the sparse years before 2024 take little room; and how it is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Bounds, Point, Text

COMPRESSED = date(2023, 1, 1)
"""Before this day a year is a stub, and a break marks it."""
FULL = date(2024, 1, 1)
"""From this day on the axis has its full scale; the year before has half of it."""
STUB = 30.0
"""Px of a compressed year."""
LEAST, MOST = 52.0, 0.4
"""Px that compressed time takes at least, for its year and the break beside that of 2023; at most its share."""
YEAR, QUARTER = 36.0, 28.0
"""Px from one label to the next, whose middles stand there: years, and quarters beside years."""


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
        """The years whose first day the axis shows, with their x; of the compressed ones only the first.

        One that would stand on the year before it is left out.
        """
        first, last = self.knots[0][0], self.knots[-1][0]
        taken = -YEAR + self.knots[0][1]
        for year in range(first.year, last.year + 1):
            day = date(year, 1, 1)
            shown = first <= day <= last and (day >= COMPRESSED or day == first)
            if shown and self.at(day) - taken >= YEAR:
                taken = self.at(day)
                yield year, taken

    def quarters(self) -> Iterator[tuple[str, float]]:
        """ "Q2" to "Q4" of the years that have the full scale, where they have room beside the years."""
        first, last = self.knots[0][0], self.knots[-1][0]
        taken = [x for _, x in self.years()]
        for year in range(max(FULL.year, first.year), last.year + 1):
            for quarter in (2, 3, 4):
                day = date(year, 3 * quarter - 2, 1)
                x = self.at(day)
                if first <= day <= last and all(abs(x - other) >= QUARTER for other in taken):
                    taken.append(x)
                    yield f"Q{quarter}", x


def axis(days: Sequence[date], left: float, right: float) -> Axis:
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
    return Axis(tuple(found))


def put_axis(sheet: Sheet, axis: Axis, top: float, bottom: float, texts: Sequence[Text]) -> None:
    """Hairlines where years and quarters begin, interrupted by names; their labels below; the break."""
    spans = [text.bounds for text in texts]
    for year, x in axis.years():
        _upright(sheet, x, top, bottom, spans, "frame")
        sheet.label(x, bottom + 18, f"{year}", size=12, weight=600, role="ink", anchor="middle")
    for quarter, x in axis.quarters():
        _upright(sheet, x, top, bottom, spans, "hairline")
        sheet.label(x, bottom + 18, quarter, size=11, anchor="middle")
    if axis.broken is not None:
        x = axis.broken - 30
        for dx in (0.0, 4.0):
            sheet.rule(Point(x + dx, bottom + 17), Point(x + dx + 4, bottom + 9), role="muted")


def _upright(
    sheet: Sheet, x: float, top: float, bottom: float, spans: Sequence[Bounds], role: str
) -> None:
    at = top
    for span in sorted((s for s in spans if s.left - 3 < x < s.right + 3), key=lambda s: s.top):
        if span.top - 3 > at:
            sheet.rule(Point(x, at), Point(x, span.top - 3), role=role)
        at = max(at, span.bottom + 3)
    sheet.rule(Point(x, at), Point(x, bottom), role=role)
