"""A number of every model over its release date: points that link to their models, and the median of each quarter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from math import ceil, floor, log2
from statistics import median

from markupsafe import Markup

from llm_gallery.lineage.sizes import quarter

WIDTH, HEIGHT = 420, 210
LEFT, TOP, RIGHT, BOTTOM = 46, 12, 414, 182
DENSE_FROM, BEFORE = 2023, 0.1
"""The year from which the axis is even; all before it takes a tenth, since there are few models."""
ENOUGH = 4
"""Models of a quarter from which its median is drawn."""


@dataclass(frozen=True, slots=True)
class Point:
    """A model with its number; `words` are the number as readers read it."""

    id: str
    name: str
    released: date
    number: float
    words: str
    colour: str


@dataclass(frozen=True, slots=True)
class Axis:
    """How numbers become heights: by doublings, or evenly from zero; and the words at its lines."""

    words: Callable[[float], str]
    doubling: bool = True
    tens: bool = False  # by doublings, but with lines at powers of ten


def scatter(points: Sequence[Point], axis: Axis, title: str) -> Markup:
    """The chart; the points' links start where the page of trends stands."""
    ordered = sorted(points, key=lambda point: (point.released, point.id))
    scale = _Scale.of(ordered, axis)
    parts = [*_years(ordered[0].released.year, ordered[-1].released.year), *_grid(scale, axis)]
    parts.append(_median(ordered, scale))
    parts += [_dot(point, scale) for point in ordered]
    return Markup(
        '<svg class="scatter" viewBox="0 0 {} {}" role="group" aria-label="{}">{}</svg>'
    ).format(WIDTH, HEIGHT, title, Markup("").join(parts))


def across(day: date, newest: int) -> float:
    """Px from the left of a day; `newest` is the last year that is shown."""
    start = date(DENSE_FROM, 1, 1)
    room = RIGHT - LEFT
    if day < start:
        first = date(2018, 1, 1)
        part = max(0, (day - first).days) / (start - first).days * BEFORE
    else:
        part = BEFORE + (1 - BEFORE) * (day - start).days / (date(newest + 1, 1, 1) - start).days
    return round(LEFT + part * room, 1)


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float
    doubling: bool
    newest: int

    @staticmethod
    def of(points: Sequence[Point], axis: Axis) -> _Scale:
        numbers = [point.number for point in points]
        if not axis.doubling:
            return _Scale(0.0, max(numbers) * 1.05, False, points[-1].released.year)
        low, high = floor(log2(min(numbers))), ceil(log2(max(numbers)))
        return _Scale(low, max(high, low + 1), True, points[-1].released.year)

    def y(self, number: float) -> float:
        at = log2(number) if self.doubling else number
        return round(BOTTOM - (at - self.low) / (self.high - self.low) * (BOTTOM - TOP), 1)

    def lines(self, tens: bool) -> list[float]:
        """Numbers at which the grid stands: four or five."""
        if tens:
            return [
                10.0**e for e in range(ceil(self.low / log2(10)), int(self.high / log2(10)) + 1)
            ]
        if self.doubling:
            step = max(1, ceil((self.high - self.low) / 4))
            return [2.0**e for e in range(int(self.low), int(self.high) + 1, step)]
        step = next(s for s in _EVEN if self.high / s <= 5)
        return [step * i for i in range(int(self.high / step) + 1)]


_EVEN = tuple(m * 10**e for e in range(-2, 9) for m in (1, 2, 5))


def _years(first: int, last: int) -> list[Markup]:
    parts = []
    for year in range(DENSE_FROM, last + 1):
        x, end = across(date(year, 1, 1), last), across(date(year, 12, 31), last)
        parts.append(Markup('<path class="hair" d="M{} {}V{}"/>').format(x, TOP, BOTTOM))
        parts.append(_text("tick", round((x + end) / 2, 1), BOTTOM + 16, str(year)))
    if first < DENSE_FROM:
        middle = round(LEFT + BEFORE * (RIGHT - LEFT) / 2, 1)
        parts.append(_text("tick", middle, BOTTOM + 16, "before"))
    return parts


def _grid(scale: _Scale, axis: Axis) -> list[Markup]:
    parts = []
    for number in scale.lines(axis.tens):
        y = scale.y(number)
        parts.append(Markup('<path class="hair" d="M{} {}H{}"/>').format(LEFT, y, RIGHT))
        parts.append(_text("tick end", LEFT - 6, y + 3.5, axis.words(number)))
    return parts


def _median(ordered: Sequence[Point], scale: _Scale) -> Markup:
    path = []
    for _, found in groupby(ordered, key=lambda point: quarter(point.released)):
        group = list(found)
        if len(group) >= ENOUGH:
            month = (group[0].released.month - 1) // 3 * 3 + 2
            x = across(date(group[0].released.year, month, 15), scale.newest)
            path.append(f"{x} {scale.y(median(point.number for point in group))}")
    return Markup('<path class="median" d="M{}"/>').format("L".join(path)) if path else Markup("")


def _dot(point: Point, scale: _Scale) -> Markup:
    """Reached with the pointer; with the keyboard by the field above the charts."""
    return Markup(
        '<a href="../models/{}/index.html" tabindex="-1"><title>{}, {}</title>'
        '<circle class="{}" cx="{}" cy="{}"/></a>'
    ).format(
        point.id,
        point.name,
        point.words,
        point.colour,
        across(point.released, scale.newest),
        scale.y(point.number),
    )


def _text(kind: str, x: float, y: float, words: str) -> Markup:
    return Markup('<text class="{}" x="{}" y="{}">{}</text>').format(kind, x, round(y, 1), words)
