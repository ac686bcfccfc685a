"""Streams that rise side by side: how drawings of mechanisms are put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import sqrt
from typing import Unpack

from llm_gallery.figure.internals._board import FOOT, MARGIN, Board
from llm_gallery.figure.internals._fitting import SMALL, Snug, snug
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit.blocks import PILL, Node, Settings, hero, pill
from llm_gallery.figure.kit.shapes import About, Point
from llm_gallery.figure.kit.signs import RING, operation
from llm_gallery.figure.kit.text import Content, fit
from llm_gallery.mechanisms.colour import Colour

NORM = 84.0
"""Px of a norm's pill."""


@dataclass(slots=True)
class Lanes:
    """Streams by name: where each rises, how far it has come, and how broad a block in it may be."""

    sheet: Board
    at: dict[str, float]
    box: float
    """The breadth of the narrowest lane's matrix, and of all that stands on a lane."""
    broader: dict[str, float] = field(default_factory=dict)
    """Lanes whose matrix is broader."""
    tips: dict[str, Point] = field(default_factory=dict)
    blocks: dict[str, Node] = field(default_factory=dict)
    """The last block of each stream."""
    bends: dict[str, Point] = field(default_factory=dict)
    """Where a stream comes from that starts sideways, before its tip."""

    @property
    def use(self) -> Use:
        """What is drawn."""
        return self.sheet.use

    @property
    def colour(self) -> Colour:
        """The mechanism's."""
        return self.sheet.colour

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

    def above(self, *names: str, high: float = PILL, gap: float | None = None) -> float:
        """The middle of a block of a height that stands over the highest of some streams."""
        gap = self.sheet.spacing.gap if gap is None else gap
        return min(self.tips[name].y for name in names) - gap - high / 2

    def after(self, name: str) -> str:
        """The stream to the right of one, if there is one."""
        names = list(self.at)
        return names[names.index(name) + 1] if name != names[-1] else ""

    def matrix(
        self, name: str, words: Content, shape: str, about: About | None, count: str = ""
    ) -> Node:
        """A weight matrix on a stream, in the first row or over what is there."""
        set_with = self.sheet.spacing
        risen = name in self.tips
        y = self.above(name, high=set_with.matrix) if risen else set_with.first
        x, wide = self.at[name], self.box
        node = self.sheet.matrix(x, y, words, shape, wide=wide, about=about, count=count)
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

    def norm(
        self,
        name: str,
        about: About | None,
        words: str = "RMSNorm",
        *,
        wide: float = NORM,
        y: float | None = None,
    ) -> Node:
        """A norm on a stream, over what is there where no height is given."""
        y, wide = self.above(name) if y is None else y, min(wide, self.box)
        return self.rise(name, pill(self.at[name], y, words, wide=wide, about=about))

    def enter(self, name: str, words: str) -> None:
        """A stream that comes in from below by itself, as far as its first block."""
        x = self.at[name]
        self.tips[name] = Point(x, FOOT)
        found = fit((words, words.split()[-1]), self.box / 2 + 4, (SMALL,))
        if found is not None:
            self.sheet.label(x + 8, FOOT - 5, found[0], size=SMALL)

    def over(
        self,
        names: Sequence[str],
        *,
        high: float,
        gap: float,
        about: About,
        below: Sequence[str] = (),
    ) -> Node:
        """The full block across the streams that run into it, over all that rise or those `below` it."""
        y, (x, wide) = self.above(*(below or self.tips), high=high, gap=gap), self.across(*names)
        node = hero(x, y, "", self.colour, wide=wide, high=high, about=about)
        self.into(self.sheet.add(node), *names)
        return node

    def middle(self, *names: str) -> float:
        """The middle of some streams."""
        return (self.at[names[0]] + self.at[names[-1]]) / 2

    def span(self, *names: str) -> float:
        """Px from the left edge of the first stream's blocks to the right edge of the last's."""
        first, last = names[0], names[-1]
        return self.at[last] - self.at[first] + (self.broad(first) + self.broad(last)) / 2

    def across(self, *names: str) -> tuple[float, float]:
        """The middle and the breadth of a block across some streams."""
        shift = (self.broad(names[-1]) - self.broad(names[0])) / 4
        return self.middle(*names) + shift, self.span(*names)

    def broad(self, name: str) -> float:
        """How broad the matrix of a stream is."""
        return self.broader.get(name, self.box)


@dataclass(slots=True)
class Trunk:
    """One stream that rises alone: how far it has come."""

    sheet: Board
    tip: Point

    def above(self, high: float = PILL, gap: float | None = None) -> float:
        """The middle of a block of a height that stands over it."""
        gap = self.sheet.spacing.gap if gap is None else gap
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
        self, content: Content, shape: str, *, count: str = "", **given: Unpack[Settings]
    ) -> Node:
        """A weight matrix over it."""
        y = self.above(self.sheet.spacing.matrix)
        return self.join(self.sheet.matrix(self.tip.x, y, content, shape, count=count, **given))

    def sign(self, sign: str, *, beside: float | None = None, radius: float = RING) -> Node:
        """A sum or a product over it, and over the height from which the other side comes."""
        y = min(self.tip.y, self.tip.y if beside is None else beside) - self.sheet.spacing.sign
        ground = f"{self.sheet.colour}.tint"
        return self.join(operation(self.tip.x, y, sign, radius=radius, ground=ground))

    def leave(self, long: float | None = None) -> float:
        """The arrow out of the last block, so long; the height that the drawing then has."""
        top = self.tip.y - (self.sheet.spacing.leave if long is None else long)
        self.sheet.wire(self.tip, Point(self.tip.x, top))
        return 4 - top


def lanes(
    sheet: Board,
    names: Sequence[str],
    broadest: float,
    left: float = MARGIN,
    right: float | None = None,
) -> Lanes:
    """Streams at equal distance, at most `broadest`, in the middle between two edges: by default those of the inset."""
    right = sheet.use.width - MARGIN if right is None else right
    gutter = 10.0 if (right - left + 10) / len(names) >= CLOSE else 6.0
    pitch = min(roomy(broadest, right - left, sheet.use), (right - left + gutter) / len(names))
    start = (left + right - pitch * len(names)) / 2
    return Lanes(sheet, {n: start + pitch * (i + 0.5) for i, n in enumerate(names)}, pitch - gutter)


def roomy(broadest: float, room: float, use: Use) -> float:
    """Px that a lane may take where there is much room: more than elsewhere, but not beside broad wires."""
    return broadest if use.full else broadest * max(1.0, room / ROOMY)


ROOMY = 720.0
"""Px between two edges from which lanes grow with them."""
CLOSE = 60.0
"""Px from lane to lane under which their blocks stand closer."""
LEAST = 116.0
"""Px of the narrowest matrix among those that are as broad as what they give is wide."""
SPREAD = 1.15
"""How much more room than lanes of one breadth these may take."""


def to_scale(
    streams: Lanes, widths: Mapping[str, int], left: float, right: float, broadest: float
) -> Lanes:
    """The same streams with matrices as broad as the root of what they give, where lanes allow that.

    Lanes without a matrix stay as narrow as any.
    """
    names, gutter = [*streams.at], 10.0
    if streams.box <= LEAST:
        return streams
    broadest = roomy(broadest, right - left, streams.use)
    room = min(SPREAD * broadest * len(names), right - left + gutter) - gutter * len(names)
    roots = {name: sqrt(widths.get(name, 0)) for name in names}
    narrow = {name for name in names if not roots[name]}
    while True:
        free = room - LEAST * len(narrow)
        total = sum(root for name, root in roots.items() if name not in narrow)
        more = {n for n in names if n not in narrow and free * roots[n] < LEAST * total}
        if not more:
            break
        narrow |= more
    if free <= 0 or not total or len(narrow) == len(names):
        return streams
    broad = {n: LEAST if n in narrow else free * roots[n] / total for n in names}
    x = (left + right - room - gutter * len(names)) / 2
    at = {}
    for name in names:
        at[name] = x + (broad[name] + gutter) / 2
        x += broad[name] + gutter
    return replace(streams, at=at, box=min(broad.values()), broader=broad)
