"""Streams that rise side by side: how drawings of mechanisms are put together.

A drawing starts at the bottom, where y is 0, and climbs to negative y, as data does; `body` puts its
upper left corner at (0, 0).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Unpack

from llm_gallery.figure.internals._fitting import SMALL, Snug, snug
from llm_gallery.figure.kit.blocks import (
    MATRIX,
    PILL,
    Node,
    Settings,
    Sheet,
    hero,
    matrix,
    pill,
)
from llm_gallery.figure.kit.shapes import About, Anchor, Line, Picture, Point, moved
from llm_gallery.figure.kit.signs import RING, dot, drum, operation
from llm_gallery.figure.kit.text import Content
from llm_gallery.figure.kit.text import width as extent
from llm_gallery.mechanisms.colour import Colour

MARGIN = 16.0
GAP = 14.0
"""Px from a block's upper edge to the next block's lower one."""
SIGN = 20.0
"""Px from a block's upper edge to the middle of a sum or a product over it."""
FOOT, BUS = -4.0, -20.0
"""Heights at which the input enters and forks."""
FIRST = BUS - 35
"""Height of the middle of the first row of blocks."""
NORM = 84.0
"""Px of a norm's pill."""


@dataclass(slots=True)
class Lanes:
    """Streams by name: where each rises, how far it has come, and how broad a block in it may be."""

    sheet: Sheet
    at: dict[str, float]
    box: float
    tips: dict[str, Point] = field(default_factory=dict)
    blocks: dict[str, Node] = field(default_factory=dict)
    """The last block of each stream."""
    bends: dict[str, Point] = field(default_factory=dict)
    """Where a stream comes from that starts sideways, before its tip."""

    def rise(self, name: str, node: Node) -> Node:
        """The next block of a stream: joined to the one below, if any."""
        self.sheet.add(node)
        if name in self.tips:
            self.lead(name, node.bottom)
        self.tips[name] = node.top
        self.blocks[name] = node
        return node

    def lead(self, name: str, end: Point, *, arrow: bool = True) -> None:
        """The line of a stream from its tip up to a point."""
        bend = self.bends.pop(name, None)
        self.sheet.wire(*(() if bend is None else (bend,)), self.tips[name], end, arrow=arrow)
        self.tips[name] = end

    def through(self, node: Node, *names: str) -> Node:
        """A block over some streams, which go on above it."""
        self.sheet.add(node)
        for name in names:
            if name in self.tips:
                self.lead(name, Point(self.at[name], node.bottom.y))
            self.tips[name] = Point(self.at[name], node.top.y)
            self.blocks[name] = node
        return node

    def into(self, node: Node, *names: str) -> None:
        """Streams that end in a block above them."""
        for name in names:
            self.lead(name, Point(self.tips[name].x, node.bottom.y))
            del self.tips[name]

    def above(self, *names: str, high: float = PILL, gap: float = GAP) -> float:
        """The middle of a block of a height that stands over the highest of some streams."""
        return min(self.tips[name].y for name in names) - gap - high / 2

    def after(self, name: str) -> str:
        """The stream to the right of one, if there is one."""
        names = list(self.at)
        return names[names.index(name) + 1] if name != names[-1] else ""

    def matrix(
        self, name: str, words: Content, shape: str, colour: Colour, about: About | None
    ) -> Node:
        """A weight matrix on a stream, in the first row or over what is there."""
        y = self.above(name, high=MATRIX) if name in self.tips else FIRST
        node = matrix(self.at[name], y, words, shape, colour, wide=self.box, about=about)
        return self.rise(name, node)

    def pill(
        self,
        name: str,
        sayings: Sequence[tuple[str, str]],
        colour: Colour,
        *,
        room: float | None = None,
        y: float | None = None,
        **given: Unpack[Snug],
    ) -> Node:
        """A pill on a stream, over what is there where no height is given."""
        y = self.above(name, high=given.get("high", PILL)) if y is None else y
        room = self.box if room is None else room
        return self.rise(name, snug(self.at[name], y, sayings, colour, room, **given))

    def norm(self, name: str, about: About | None, words: str = "RMSNorm") -> Node:
        """A norm on a stream."""
        wide = min(NORM, self.box)
        return self.rise(name, pill(self.at[name], self.above(name), words, wide=wide, about=about))

    def over(
        self,
        names: Sequence[str],
        colour: Colour,
        *,
        high: float,
        gap: float,
        about: About,
        below: Sequence[str] = (),
    ) -> Node:
        """The full block across the streams that run into it, over all that rise or those `below` it."""
        y, wide = self.above(*(below or self.tips), high=high, gap=gap), self.span(*names)
        node = hero(self.middle(*names), y, "", colour, wide=wide, high=high, about=about)
        self.into(self.sheet.add(node), *names)
        return node

    def middle(self, *names: str) -> float:
        """The middle of some streams."""
        return (self.at[names[0]] + self.at[names[-1]]) / 2

    def span(self, *names: str) -> float:
        """Px from the left edge of the first stream's blocks to the right edge of the last's."""
        return self.at[names[-1]] - self.at[names[0]] + self.box


@dataclass(slots=True)
class Trunk:
    """One stream that rises alone: how far it has come."""

    sheet: Sheet
    tip: Point

    def above(self, high: float = PILL, gap: float = GAP) -> float:
        """The middle of a block of a height that stands over it."""
        return self.tip.y - gap - high / 2

    def join(self, node: Node) -> Node:
        """The next block, with the line to it."""
        self.sheet.add(node)
        self.sheet.wire(self.tip, node.bottom)
        self.tip = node.top
        return node

    def pill(
        self,
        content: Content,
        colour: Colour = "norm",
        *,
        note: str = "",
        **given: Unpack[Settings],
    ) -> Node:
        """A pill over it."""
        y = self.above(given.get("high", PILL))
        return self.join(pill(self.tip.x, y, content, colour, note=note, **given))

    def matrix(
        self, content: Content, shape: str, colour: Colour, **given: Unpack[Settings]
    ) -> Node:
        """A weight matrix over it."""
        return self.join(matrix(self.tip.x, self.above(MATRIX), content, shape, colour, **given))

    def sign(
        self, sign: str, colour: Colour, *, beside: float | None = None, radius: float = RING
    ) -> Node:
        """A sum or a product over it, and over the height from which the other side comes."""
        y = min(self.tip.y, self.tip.y if beside is None else beside) - SIGN
        ground = f"{colour}.tint"
        return self.join(operation(self.tip.x, y, sign, radius=radius, ground=ground))

    def leave(self) -> float:
        """The arrow out of the last block; the height that the drawing then has."""
        top = self.tip.y - 18
        self.sheet.wire(self.tip, Point(self.tip.x, top))
        return 4 - top


def lanes(sheet: Sheet, names: Sequence[str], left: float, right: float, broadest: float) -> Lanes:
    """Streams at equal distance, at most `broadest`, in the middle between two edges."""
    gutter = 10.0
    pitch = min(broadest, (right - left + gutter) / len(names))
    start = (left + right - pitch * len(names)) / 2
    return Lanes(sheet, {n: start + pitch * (i + 0.5) for i, n in enumerate(names)}, pitch - gutter)


def fork(sheet: Sheet, x: float, targets: Sequence[Point]) -> None:
    """The input from below at x, led to every target."""
    start = Point(x, BUS)
    sheet.wire(Point(x, FOOT), start, arrow=False)
    for target in targets:
        corner = () if target.x == x else (Point(target.x, BUS),)
        sheet.wire(start, *corner, target)
    if len(targets) > 1:
        sheet.put(dot(x, BUS))


def kept_mark(sheet: Sheet, x: float, y: float, words: str) -> None:
    """Beside a line at x: the drum of what outlives a token, and what that is."""
    sheet.put(drum(x - 20, y - 9))
    sheet.label(x + 8, y, words, size=SMALL, weight=500, role="ink")


def side_input(sheet: Sheet, x: float, words: str, top: float, *, down: float = 3) -> None:
    """An input that isn't the layer's, led up to its block."""
    sheet.wire(Point(x, FOOT), Point(x, top))
    sheet.label(x + 8, FOOT - down, words, size=SMALL)


def raised(sheet: Sheet, high: float, least: float) -> float:
    """The greater height; what is drawn moves to the middle of it."""
    if least > high:
        sheet.shapes = list(moved(tuple(sheet.shapes), 0, (high - least) / 2))
    return max(high, least)


def drawing_under(
    above: Sheet,
    high: float,
    sheet: Sheet,
    tall: float,
    right: float,
    title: str,
    note: str,
    colour: Colour,
) -> tuple[Sheet, float]:
    """A drawing with a second one under it, which a rule and a title part from it; the height of both."""
    y = -tall - 12
    ends = (Point(MARGIN, y), Point(right - MARGIN, y))
    sheet.put(Line(points=ends, kind="rule", role=f"{colour}.edge", thickness=1))
    words = sheet.label(MARGIN, 12 - tall, title, size=12, weight=600, role=f"{colour}.text")
    if note:
        x = words.bounds.right + 8
        # Right of the line that leaves the drawing, where the note would lie in its way.
        left = x + extent(note, 11) < right / 2 - 8
        anchor: Anchor = "start" if left else "end"
        sheet.label(x if left else right - MARGIN, 12 - tall, note, size=11, anchor=anchor)
    sheet.put(*moved(tuple(above.shapes), 0, -tall - 24))
    return sheet, high + tall + 24


def rule(x: float, high: float, mechanism: Colour) -> Line:
    """The hairline between a drawing and its side panel."""
    ends = (Point(x, 8 - high), Point(x, -8))
    return Line(points=ends, kind="rule", role=f"{mechanism}.edge", thickness=1)


def body(sheet: Sheet, width: float, high: float) -> Picture:
    """The drawing with its upper left corner at (0, 0)."""
    drawn = Picture(width=width, height=high, shapes=tuple(sheet.shapes))
    return Picture(width=width, height=high, shapes=(), inside=((Point(0, high), drawn),))
