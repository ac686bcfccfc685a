"""What a little picture is drawn with: two tones, and shapes by their place in its area."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

from llm_gallery.architecture.block import Block
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Mark
from llm_gallery.figure.kit.svg import number

Tone = Literal["faint", "strong"]
TONES: tuple[Tone, Tone] = ("faint", "strong")
At = tuple[float, float]
"""Across and down from the area's corner, in px."""


class Inks(NamedTuple):
    """The roles of the two tones."""

    strong: str
    faint: str


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws in an area of a sheet; each call is one mark."""

    sheet: Sheet
    x: float
    y: float
    wide: float
    high: float
    inks: Inks
    align: float = 0.5  # of what is less wide than its area: 0 at the left edge

    def within(self, ratio: float) -> Pen:
        """The middle of the area, so many times as wide as high."""
        wide = min(self.wide, self.high * ratio)
        high = wide / ratio
        x, y = self.x + (self.wide - wide) * self.align, self.y + (self.high - high) / 2
        return Pen(self.sheet, x, y, wide, high, self.inks, self.align)

    def part(self, left: float, right: float) -> Pen:
        """A part of the area, by shares of its width."""
        return Pen(
            self.sheet,
            self.x + left * self.wide,
            self.y,
            (right - left) * self.wide,
            self.high,
            self.inks,
            self.align,
        )

    def bars(self, corners: Iterable[At], wide: float, high: float, tone: Tone = "strong") -> None:
        """Rectangles of one size by their upper left corners."""
        path, at = "", (0.0, 0.0)
        for x, y in corners:
            path += f"m{number(x - at[0])} {number(y - at[1])}h{number(wide)}v{number(high)}h-{number(wide)}z"
            at = x, y
        self._put(path, fill=tone)

    def areas(self, *corners: tuple[At, ...], tone: Tone = "strong") -> None:
        """Polygons."""
        self._put("".join(_ways(corners, closed=True)), fill=tone)

    def strokes(
        self, *ways: tuple[At, ...], thick: float, tone: Tone = "strong", closed: bool = False
    ) -> None:
        """Lines along points."""
        self._put("".join(_ways(ways, closed=closed)), stroke=tone, thick=thick)

    def discs(
        self, middles: Iterable[At], radius: float, tone: Tone = "strong", ring: float = 0
    ) -> None:
        """Circles round their middles, or rings so thick."""
        path, at = "", (0.0, 0.0)
        r, across = number(radius), number(2 * radius)
        for x, y in middles:
            here = x - radius, y
            path += f"m{number(here[0] - at[0])} {number(here[1] - at[1])}"
            path += f"a{r} {r} 0 0 1 {across} 0a{r} {r} 0 0 1 -{across} 0z"
            at = here
        self._put(path, stroke=tone if ring else None, fill=None if ring else tone, thick=ring)

    def _put(
        self, path: str, *, fill: Tone | None = None, stroke: Tone | None = None, thick: float = 1
    ) -> None:
        if path:
            self.sheet.put(
                Mark(
                    self.x,
                    self.y,
                    path,
                    width=self.wide,
                    height=self.high,
                    fill=fill and getattr(self.inks, fill),
                    stroke=stroke and getattr(self.inks, stroke),
                    thickness=round(thick, 2),
                )
            )


Little = Callable[[Pen, Block | None], None]
"""A little picture of a block; of what isn't one, as streams, without."""


def _ways(ways: Iterable[tuple[At, ...]], *, closed: bool) -> Iterable[str]:
    at = (0.0, 0.0)
    for way in ways:
        start = way[0]
        yield f"m{number(start[0] - at[0])} {number(start[1] - at[1])}"
        for (a, b), (x, y) in pairwise(way):
            yield f"l{number(x - a)} {number(y - b)}"
        at = start if closed else way[-1]
        if closed:
            yield "z"
