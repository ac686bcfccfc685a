"""The sheet that a mechanism is drawn on: what it shows, in which colour, and what all such drawings have in common.

A drawing starts at the bottom, where y is 0, and climbs to negative y, as data does; `inset` puts its
upper left corner at (0, 0).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from llm_gallery.figure.internals._fitting import SMALL
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit.blocks import Sheet, Type
from llm_gallery.figure.kit.shapes import Anchor, Inset, Picture, Point, moved
from llm_gallery.figure.kit.signs import dot, drum
from llm_gallery.figure.kit.text import width as extent
from llm_gallery.mechanisms.colour import Colour

MARGIN = 16.0
FOOT, BUS = -4.0, -20.0
"""Heights at which the input enters and forks."""
FIRST = BUS - 35
"""Height of the middle of the first row of blocks."""
WIDE = 640
"""Px from which there is a side panel."""


@dataclass(slots=True)
class Board(Sheet):
    """A sheet with the use that it shows, and the mechanism's colour."""

    use: Use = field(kw_only=True)
    colour: Colour = field(kw_only=True)

    def fork(self, x: float, targets: Sequence[Point]) -> None:
        """The input from below at x, led to every target."""
        start = Point(x, BUS)
        self.wire(Point(x, FOOT), start, arrow=False)
        for target in targets:
            corner = () if target.x == x else (Point(target.x, BUS),)
            self.wire(start, *corner, target)
        if len(targets) > 1:
            self.put(dot(x, BUS))

    def side_input(self, x: float, words: str, top: float, *, down: float = 3) -> None:
        """An input that isn't the layer's, led up to its block."""
        self.wire(Point(x, FOOT), Point(x, top))
        self.label(x + 8, FOOT - down, words, size=SMALL)

    def kept_mark(self, x: float, y: float, words: str) -> None:
        """Beside a line at x: the drum of what outlives a token, and what that is."""
        self.put(drum(x - 20, y - 9))
        self.label(x + 8, y, words, size=SMALL, weight=500, role="ink")

    def raised(self, high: float, least: float) -> float:
        """The greater height; what is drawn moves to the middle of it."""
        if least > high:
            self.shapes = list(moved(tuple(self.shapes), 0, (high - least) / 2))
        return max(high, least)

    def side(self, x: float, high: float) -> None:
        """The hairline between a drawing and its side panel."""
        self.rule(Point(x, 8 - high), Point(x, -8), role=f"{self.colour}.edge")

    def panel(self, x: float, high: float, title: str, beside: float) -> float:
        """A side panel's title at x, `beside` its hairline; gives its baseline back."""
        self.side(x - beside, high)
        self.label(x, 20 - high, title, size=12, weight=600, role=f"{self.colour}.text")
        return 20 - high

    def set_over(self, below: Board, tall: float, title: str, note: str) -> float:
        """Puts a second drawing under this one, parted by a rule and a title; gives back what it adds to the height."""
        y, right = -tall - 12, self.use.width
        below.rule(Point(MARGIN, y), Point(right - MARGIN, y), role=f"{self.colour}.edge")
        style = Type(size=12, weight=600, role=f"{self.colour}.text")
        words = below.label(MARGIN, 12 - tall, title, **style)
        if note:
            x = words.bounds.right + 8
            # Right of the line that leaves the drawing, where the note would lie in its way.
            left = x + extent(note, 11) < right / 2 - 8
            anchor: Anchor = "start" if left else "end"
            below.label(x if left else right - MARGIN, 12 - tall, note, size=11, anchor=anchor)
        self.shapes = [*below.shapes, *moved(tuple(self.shapes), 0, -tall - 24)]
        return tall + 24

    def inset(self, title: str, high: float, *notes: str) -> Inset:
        """The drawing, so high, under its title."""
        drawn = self.picture(self.use.width, high)
        body = Picture(width=drawn.width, height=high, shapes=(), inside=((Point(0, high), drawn),))
        return self.use.inset(title, self.colour, body, *notes)
