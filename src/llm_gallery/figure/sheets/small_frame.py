"""One layer's wiring in a small frame of a given height: the parts of `page.layer_frame`, without numbers and norms' names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from llm_gallery.figure.kit import stream as streams
from llm_gallery.figure.kit.blocks import Node, Sheet, Words, centred, hero_words
from llm_gallery.figure.kit.shapes import Box, Picture, Point
from llm_gallery.figure.kit.signs import dot, operation, stream_sum
from llm_gallery.figure.kit.stream import Stream
from llm_gallery.figure.kit.text import cut, fitting, width
from llm_gallery.figure.page.layer_bar import Cell, Look, bars
from llm_gallery.figure.page.overview import size
from llm_gallery.figure.plan.one_layer import Choice, Columns, OneLayer, Place, Reading

NORM = 9.0
"""Px of the height of a norm."""
HEIGHTS = (36.0, 32.0, 24.0, 18.0)
"""Px of the height of a block: the largest with which all have room."""
TWOFOLD = 32.0
"""Px of a block that has room for its size under its name."""
LINE = 17.0
"""Px of one of several names under one another."""
TOP, FOOT = 24.0, 9.0
"""Px over the last sum, and under the first branch."""
LEAST = 5.0
"""Px of a gap at least."""
RIM = 4.0
"""Px from blocks to the dashed border round them."""
TYPE = (12.5, 12.0, 11.5, 11.0)


@dataclass(slots=True)
class _Frame:
    """A frame that is being drawn, from its lower edge upward."""

    wide: float
    stream: Stream
    block: float  # px of a block's height
    gap: float
    layers: int
    sheet: Sheet = field(default_factory=Sheet)
    stops: list[tuple[float, float]] = field(default_factory=list)
    source: Point | None = None

    @property
    def line(self) -> float:
        """Where the stream runs."""
        return 20.0 if self.stream.lines == 1 else 24.0

    @property
    def left(self) -> float:
        return self.line + (24.0 if self.stream.lines == 1 else 30.0)

    @property
    def right(self) -> float:
        return self.wide - 14.0

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2


def small_frame(one: OneLayer, stream: Stream, wide: float, high: float) -> Picture:
    """The frame, so wide and so high: what it has too much goes to the gaps."""
    room = high - TOP - FOOT
    block = next((b for b in HEIGHTS if _solid(one, b) + LEAST * _gaps(one) <= room), HEIGHTS[-1])
    gap = max(3.0, (room - _solid(one, block)) / _gaps(one))
    frame = _Frame(wide, stream, block, gap, one.layers)
    y = high - FOOT
    for branch in one.branches:
        y = _branch(frame, branch, y) if branch.added else _on_stream(frame, branch, y)
        y -= gap
    ground = Sheet()
    box = Box(0, 0, wide, high, radius=8, fill="paper", edge="frame", open=True, ground=True)
    ground.put(box)
    stops = sorted(frame.stops, reverse=True)
    streams.run(ground, stream.earlier(frame.line), 1.0, high, 0)
    thick = min(2.5, stream.thickness)
    streams.run(ground, stream.across(frame.line, 4.0), thick, high, 3, stops, arrow=True)
    count = f"× {one.layers:,}"
    passes = f"{stream.passes:,} times over, " if stream.passes > 1 else ""
    ground.label(
        wide - 10, 17, passes + count, size=13, weight=600, role="ink", anchor="end", tabular=True
    )
    if stream.lines > 1:
        ground.label(frame.left, 17, f"{stream.count:,} streams", size=11.5)
    return Picture(width=wide, height=high, shapes=(*ground.shapes, *frame.sheet.shapes))


def _solid(one: OneLayer, block: float) -> float:
    """Px of all that isn't a gap."""
    return sum(
        max(_height(column, block) for column in columns)
        for branch in one.branches
        for columns in map(_columns, branch.steps)
    )


def _gaps(one: OneLayer) -> float:
    """Gaps of a branch: before its first block, between blocks, before and behind its sum."""
    return sum(
        len(branch.steps) + 2 if branch.added else 1 + len(branch.steps) for branch in one.branches
    )


def _columns(step: Place | Columns) -> tuple[tuple[Place, ...], ...]:
    return step.columns if isinstance(step, Columns) else ((step,),)


def _height(column: Sequence[Place], block: float) -> float:
    return sum(_tall(place, block) for place in column) + LEAST * (len(column) - 1)


def _tall(place: Place, block: float) -> float:
    if not place.mixes:
        return NORM
    if len(place.choices) == 1:
        return block
    if _listed(place):
        return len(place.choices) * LINE + 8
    return block + 2 * RIM


def _listed(place: Place) -> bool:
    """Whether names that would be cut side by side stand under one another."""
    return len(place.choices) > 2 or any(width(c.name, 11.5, 600) > 88 for c in place.choices)


def _on_stream(frame: _Frame, branch: Reading, y: float) -> float:
    for _ in branch.places:
        y -= frame.gap
        box = _pill(frame.line, y, 26)
        frame.sheet.put(box)
        frame.stops.append((box.bounds.bottom, box.y))
        y = box.y
    return y


def _pill(x: float, low: float, wide: float, fill: str = "norm") -> Box:
    return Box(
        x - wide / 2,
        low - NORM,
        wide,
        NORM,
        radius=NORM / 2,
        fill=f"{fill}.tint",
        edge=f"{fill}.line",
    )


def _branch(frame: _Frame, branch: Reading, y: float) -> float:
    """A branch from where it reads to where it is added; gives the height of that back."""
    sheet = frame.sheet
    before: tuple[Point, ...] = _reads(frame, branch, y)
    at = y - frame.gap
    for step in branch.steps:
        columns = _columns(step)
        high = max(_height(column, frame.block) for column in columns)
        if len(columns) > 1:
            before = _beside(frame, columns, before, at, high)
        else:
            place = columns[0][0]
            node = _put(frame, place, frame.left, frame.right, at)
            turn = () if before[-1].x == frame.centre else (Point(frame.centre, before[-1].y),)
            sheet.wire(*before, *turn, node.bottom, arrow=frame.gap >= 8)
            if "source" in place.block.roles:
                frame.source = Point(node.top.x, node.top.y - frame.gap / 2)
            before = (node.top,)
        at -= high + frame.gap
    top = at
    ring = _adds(frame, branch, (y + top) / 2, top)
    if branch.steps:
        turn = () if before[-1].y == top else (Point(before[-1].x, top),)
        sheet.wire(*before, *turn, ring.right)
    return top


def _reads(frame: _Frame, branch: Reading, y: float) -> tuple[Point, ...]:
    sheet, stream = frame.sheet, frame.stream
    if branch.apart and frame.source is not None:
        sheet.put(dot(*frame.source, radius=2.5))
        lane = frame.wide - 6
        return frame.source, Point(lane, frame.source.y), Point(lane, y)
    if stream.lines == 1 and not stream.saved_every:
        sheet.put(dot(frame.line, y, "stream", 3.5))
        return (Point(frame.line, y),)
    across = (*stream.earlier(frame.line), *stream.across(frame.line, 4.0))
    return (streams.bar(sheet, across, y, "").right,)


def _adds(frame: _Frame, branch: Reading, middle: float, top: float) -> Node:
    sheet, stream = frame.sheet, frame.stream
    if stream.mixes and branch.connection is not None:
        streams.crossing(sheet, stream.across(frame.line, 4.0), middle)
    if stream.lines > 1:
        return streams.bar(sheet, stream.across(frame.line, 4.0), top, "+")
    if stream.kept or stream.kind == "learned scales":
        box = _pill(frame.line, middle + NORM / 2, 26)
        sheet.put(box)
        frame.stops.append((box.bounds.bottom, box.y))
    if stream.added:
        sheet.label(frame.line + 12, top - 4, stream.added, size=11)
    ring = sheet.add(stream_sum(frame.line, top))
    frame.stops.append((ring.bottom.y, ring.top.y))
    return ring


def _put(frame: _Frame, place: Place, left: float, right: float, low: float) -> Node:
    """What stands at a place, between two edges and on its lower one."""
    sheet, middle = frame.sheet, (left + right) / 2
    high = _tall(place, frame.block)
    if not place.mixes:
        tone = "convolution" if "taps" in place.block.facts else "norm"
        box = _pill(middle, low, min(72.0, right - left), tone)
        sheet.put(box)
        return Node(box, ())
    if len(place.choices) == 1:
        box = Box(left, low - high, right - left, high)
        _block(frame, place.choices[0], box)
        if place.layers < frame.layers:
            sheet.put(_border(box))
        return Node(box, ())
    whole = Box(left - RIM, low - high, right - left + 2 * RIM, high)
    if _listed(place):
        _lines(sheet, place, whole)
        return Node(whole, ())
    each = (right - left - 6) / len(place.choices)
    for index, choice in enumerate(place.choices):
        box = Box(left + index * (each + 6), low - RIM - frame.block, each, frame.block)
        _block(frame, choice, box, f"{choice.layers:,}")
    tone = place.choices[0].colour
    sheet.put(replace(whole, dashed=True, edge=f"{tone}.text", open=True, radius=8))
    return Node(whole, ())


def _border(box: Box) -> Box:
    """The dashed border of what only some layers have."""
    x, y, wide, high = box.x - 3, box.y - 3, box.width + 6, box.height + 6
    return Box(x, y, wide, high, dashed=True, edge="muted", open=True, radius=8)


def _block(frame: _Frame, choice: Choice, box: Box, below: str = "") -> None:
    """A block, full or hollow like its bar."""
    colour, hollow = choice.colour, choice.bar.borrowed == "all"
    fill, edge = ("paper", f"{colour}.text") if hollow else (f"{colour}.solid", None)
    shown = replace(box, fill=fill, edge=edge, line=1.25, labelled=True)
    role = f"{colour}.text" if hollow else f"{colour}.on"
    below = below or size(choice.block)
    if box.height >= TWOFOLD:
        if width(below, 11) > box.width - 12:
            below = below.split(", ")[0]
        words = hero_words(choice.name, below, box.width, 11)
    else:
        type_size = fitting(choice.name, box.width - 12, TYPE, 600)
        name = cut(choice.name, box.width - 12, type_size, 600)
        words = (Words(0.36 * type_size, name, type_size, 600),)
    frame.sheet.put(shown, *centred(shown, role, *words))


def _lines(sheet: Sheet, place: Place, whole: Box) -> None:
    """Blocks that layers have by turns under one another: glyph, count, name."""
    tone = max(place.choices, key=lambda choice: choice.layers).colour
    sheet.put(replace(whole, fill="paper", edge=f"{tone}.text", dashed=True))
    numbered = max(width(f"{c.layers:,}", 12, 600) for c in place.choices)
    y = whole.y + 4
    for choice in place.choices:
        sheet.put(*bars(Look(choice.colour, choice.bar), [Cell(whole.x + 9, y + 2, 10, LINE - 4)]))
        at, base, role = whole.x + 26 + numbered, y + LINE / 2 + 4.3, f"{choice.colour}.text"
        sheet.label(
            at,
            base,
            f"{choice.layers:,}",
            size=12,
            weight=600,
            role=role,
            anchor="end",
            inside=whole.bounds,
        )
        room = whole.bounds.right - at - 14
        type_size = fitting(choice.name, room, TYPE[1:], 500)
        name = cut(choice.name, room, type_size, 500)
        sheet.label(at + 7, base, name, size=type_size, weight=500, role="ink", inside=whole.bounds)
        y += LINE


def _beside(
    frame: _Frame,
    columns: Sequence[Sequence[Place]],
    before: Sequence[Point],
    low: float,
    high: float,
) -> tuple[Point, ...]:
    """Columns that read the same input, whose outputs are added: gives back where the sum leaves."""
    sheet, apart = frame.sheet, 8.0
    each = (frame.right - frame.left - apart * (len(columns) - 1)) / len(columns)
    rail = low + frame.gap * 0.5 if before[-1].x != frame.line else before[-1].y
    start = before[-1]
    if start.x != frame.line:
        sheet.wire(*before, Point(start.x, rail), arrow=False)
        start = Point(start.x, rail)
    tops = []
    for index, column in enumerate(columns):
        left = frame.left + index * (each + apart)
        x, at, last = left + each / 2, low, None
        for place in column:
            node = _put(frame, place, left, left + each, at)
            turn = () if x == start.x else (Point(x, start.y),)
            points = (start, *turn, node.bottom) if last is None else (last, node.bottom)
            sheet.wire(*points, arrow=False)
            last, at = node.top, node.top.y - LEAST
        if last is not None:
            tops.append(last)
    level = low - high - frame.gap * 0.45
    path: tuple[Point, ...] = (tops[-1], Point(tops[-1].x, level))
    ring = operation(tops[0].x, level, "+", radius=5.5)
    sheet.wire(*path, *(Point(top.x, level) for top in reversed(tops[1:-1])), ring.right)
    for top in tops[1:-1]:
        sheet.wire(top, Point(top.x, level), arrow=False)
    sheet.wire(tops[0], ring.bottom, arrow=False)
    sheet.add(ring)
    return (ring.top,)
