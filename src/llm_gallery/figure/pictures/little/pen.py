"""What a little picture is drawn with: two tones, and shapes by their place in its area."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from llm_gallery.architecture.block import Block
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Mark
from llm_gallery.figure.kit.traces import At, circles, rectangles, ways

Tone = Literal["faint", "strong"]
TONES: tuple[Tone, Tone] = ("faint", "strong")


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
        self._put(rectangles(corners, wide, high), fill=tone)

    def areas(self, *corners: tuple[At, ...], tone: Tone = "strong") -> None:
        """Polygons."""
        self._put(ways(corners, closed=True), fill=tone)

    def strokes(
        self, *lines: tuple[At, ...], thick: float, tone: Tone = "strong", closed: bool = False
    ) -> None:
        """Lines along points."""
        self._put(ways(lines, closed=closed), stroke=tone, thick=thick)

    def discs(
        self, middles: Iterable[At], radius: float, tone: Tone = "strong", ring: float = 0
    ) -> None:
        """Circles round their middles, or rings so thick."""
        path = circles(middles, radius)
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
