"""A chart: lines and words at the ticks of its axes, and over them curves, dots and columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from llm_gallery.figure.kit.axes import DateAxis, Tick
from llm_gallery.figure.kit.blocks import Sheet, Type
from llm_gallery.figure.kit.shapes import About, Bounds, Mark, Point, Text
from llm_gallery.figure.kit.svg import number

SIZE = 11.0
"""Px of the type of ticks; of those that weigh more, one more."""
BESIDE, BELOW, ABOVE = 8.0, 18.0, 5.0
"""Px from the frame to the words of a level, and to the baseline of those under and over it."""
AWAY = 3.0
"""Px that lines keep from words in their way."""


@dataclass(frozen=True, slots=True)
class Chart:
    """The frame in which values stand, on the sheet that all is put on; a sheet that is read from afar has a larger type."""

    sheet: Sheet
    frame: Bounds
    size: float = SIZE

    def levels(self, ticks: Iterable[Tick], texts: Sequence[Text] = ()) -> None:
        """Lines from left to right, interrupted by texts, and their words at the left."""
        left, right = self.frame.left, self.frame.right
        spans = [text.bounds for text in texts]
        for tick in ticks:
            y = tick.at
            taken = [(s.left, s.right) for s in spans if s.top - AWAY < y < s.bottom + AWAY]
            for start, end in _free(left, right, taken):
                self.sheet.rule(Point(start, y), Point(end, y))
            self.sheet.label(
                left - BESIDE, y + 4 * self.size / SIZE, tick.words, size=self.size, anchor="end"
            )

    def uprights(
        self, ticks: Iterable[Tick], texts: Sequence[Text] = (), *, above: bool = False
    ) -> None:
        """Lines from top to bottom, interrupted by texts, and their words below or above."""
        top, bottom = self.frame.top, self.frame.bottom
        spans = [text.bounds for text in texts]
        for tick in ticks:
            x, role = tick.at, "frame" if tick.main else "hairline"
            taken = [(s.top, s.bottom) for s in spans if s.left - AWAY < x < s.right + AWAY]
            for start, end in _free(top, bottom, taken):
                self.sheet.rule(Point(x, start), Point(x, end), role=role)
            self.words(tick, top - ABOVE if above else bottom + self._below)

    def words(self, tick: Tick, y: float) -> None:
        """What a tick across says, with its baseline at y."""
        if tick.main:
            style = Type(size=self.size + 1, weight=600, role="ink", anchor="middle")
        else:
            style = Type(size=self.size, anchor="middle")
        self.sheet.label(tick.at, y, tick.words, **style)

    def dates(self, axis: DateAxis, texts: Sequence[Text] = ()) -> None:
        """Years and quarters, and the break where years before are compressed."""
        self.uprights(axis.ticks(), texts)
        if axis.broken is not None:
            larger = self.size / SIZE
            x, y = axis.broken - 30 * larger, self.frame.bottom + self._below
            for dx in (0.0, 4.0 * larger):
                start = Point(x + dx, y - larger)
                self.sheet.rule(start, Point(start.x + 4 * larger, y - 9 * larger), role="muted")

    @property
    def _below(self) -> float:
        """Px from the frame to the baseline of the words under it."""
        return BELOW * self.size / SIZE

    def curve(
        self,
        points: Sequence[Point],
        role: str,
        thickness: float,
        *,
        dash: str | None = None,
        about: About | None = None,
    ) -> None:
        """A line through points, on tenths of a pixel so that no rounding adds up on the way; through one place, none."""
        across = [round(point.x, 1) for point in points]
        down = [round(point.y, 1) for point in points]
        if len({*zip(across, down, strict=True)}) < 2:
            return
        left, top = min(across), min(down)
        start = f"m{number(across[0] - left)} {number(down[0] - top)}"
        steps = zip(pairwise(across), pairwise(down), strict=True)
        path = "".join(f"l{number(b - a)} {number(d - c)}" for (a, b), (c, d) in steps)
        wide, high = max(across) - left, max(down) - top
        mark = Mark(left, top, start + path, width=wide, height=high, stroke=role, dash=dash)
        self.sheet.put(replace(mark, thickness=thickness, round=dash is None, about=about))


def _free(
    start: float, end: float, taken: Iterable[tuple[float, float]]
) -> Iterator[tuple[float, float]]:
    """What is left of a line beside what stands in its way."""
    for low, high in sorted(taken):
        if low - AWAY > start:
            yield start, low - AWAY
        start = max(start, high + AWAY)
    yield start, end


def spread(
    wanted: Sequence[float], sizes: Sequence[float], low: float, high: float, gap: float
) -> list[float]:
    """Places as near to the wanted ones as labels of these sizes allow, in order, inside two limits."""
    found: list[float] = []
    at = low
    for place, size in zip(wanted, sizes, strict=True):
        at = max(place, at)
        found.append(at)
        at += size + gap
    limit = high
    for index in range(len(found) - 1, -1, -1):
        found[index] = min(found[index], limit - sizes[index])
        limit = found[index] - gap
    return found
