"""One layer's wiring in a small frame of a given height: the parts of `page.layer_frame`, without numbers and norms' names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from llm_gallery import mechanisms
from llm_gallery.figure.kit import stream as streams
from llm_gallery.figure.kit.blocks import Node, Sheet, Words, centred
from llm_gallery.figure.kit.shapes import Box, Picture, Point
from llm_gallery.figure.kit.signs import CHIP, chip, dot, operation, stream_sum
from llm_gallery.figure.kit.stream import Stream
from llm_gallery.figure.kit.text import cut, fitting, width, wrap
from llm_gallery.figure.page.layer_bar import Cell, Look, bars
from llm_gallery.figure.page.overview import size
from llm_gallery.figure.plan.one_layer import Choice, Columns, OneLayer, Place, Reading

NORM = 7.0
"""Px of the height of a norm."""
HEIGHTS = (36.0, 32.0, 24.0, 16.0)
"""Px of the height of a block: the largest with which all have room."""
TWOFOLD = 32.0
"""Px of a block that has room for its size under its name."""
LINE = 15.0
"""Px of one of several names under one another."""
TOP, FOOT = 22.0, 8.0
"""Px over the last sum, and under the first branch."""
LEAST = 3.0
"""Px of a gap at least."""
BETWEEN, ACROSS = 12.5, 17.0
"""Px from where a branch is added to where the next one reads, and of several streams."""
FORK, SUM = 5.0, 15.0
"""Px under columns side by side in which their input parts, and over them in which they are added."""
APART = 8.0
"""Px between columns."""
NARROW = 24.0
"""Px under which a column says nothing in words."""
SCALED = CHIP + 4.0
"""Px of a scalar on its way to the sum."""
LISTED = 44.0
"""Px beside a name in a list: its bar, its count, the rim."""
RIM = 4.0
"""Px from blocks to the dashed border round them."""
TYPE = (12.5, 12.0, 11.5, 11.0, 10.5)


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
        return (20.0 if self.stream.lines == 1 else 24.0) + (
            14.0 if self.stream.saved_every else 0.0
        )

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
    frame = _Frame(wide, stream, HEIGHTS[-1], 0.0, one.layers)
    room = high - TOP - FOOT
    for frame.block in HEIGHTS:
        frame.gap = (room - _solid(one, frame)) / _gaps(one)
        if frame.gap >= LEAST:
            break
    y = high - FOOT
    for branch in one.branches:
        y = _branch(frame, branch, y) if branch.added else _on_stream(frame, branch, y)
        y -= _between(frame, branch)
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


def least(one: OneLayer, stream: Stream, wide: float) -> float:
    """Px that a frame so wide needs at least."""
    frame = _Frame(wide, stream, HEIGHTS[-1], LEAST, one.layers)
    return TOP + FOOT + _solid(one, frame) + LEAST * _gaps(one)


def _solid(one: OneLayer, frame: _Frame) -> float:
    """Px of all that isn't a gap."""
    steps = (step for branch in one.branches for step in branch.steps)
    between = sum(_between(frame, branch) for branch in one.branches[:-1])
    scaled = SCALED * sum(branch.added for branch in one.branches) if frame.stream.added else 0.0
    return sum(_high(frame, step) for step in steps) + between + scaled


def _between(frame: _Frame, branch: Reading) -> float:
    if not branch.added:
        return LEAST
    return BETWEEN if frame.stream.lines == 1 and not frame.stream.saved_every else ACROSS


def _gaps(one: OneLayer) -> int:
    """Gaps: before a branch's first block, between blocks, and before the sum."""
    return sum(len(branch.steps) + (1 if branch.added else 0) for branch in one.branches) or 1


def _columns(step: Place | Columns) -> tuple[tuple[Place, ...], ...]:
    return step.columns if isinstance(step, Columns) else ((step,),)


def _high(frame: _Frame, step: Place | Columns) -> float:
    """Px of a step's height."""
    columns = _columns(step)
    if len(columns) == 1:
        return _tall(frame, columns[0][0], frame.right - frame.left)
    return (
        FORK
        + SUM
        + max(
            _column(frame, column, wide)
            for column, (_, wide) in zip(columns, _shares(frame, columns), strict=True)
        )
    )


def _column(frame: _Frame, column: Sequence[Place], wide: float) -> float:
    return sum(_tall(frame, place, wide) for place in column) + LEAST * (len(column) - 1)


def _shares(frame: _Frame, columns: Sequence[Sequence[Place]]) -> list[tuple[float, float]]:
    """Where each column begins and how wide it is: after the longest name in it, as far as there is room."""
    needs = [max(map(_needed, column), default=60.0) for column in columns]
    room = frame.right - frame.left - APART * (len(columns) - 1)
    found, left = [], frame.left
    for need in needs:
        wide = room * need / sum(needs)
        found.append((left, wide))
        left += wide + APART
    return found


def _needed(place: Place) -> float:
    """Px that the names at a place need in a column."""
    if not place.mixes:
        return 40.0
    if len(place.choices) == 1:
        return max(width(word, TYPE[-1], 600) for word in place.choices[0].name.split()) + 16
    return max(width(name, TYPE[-1], 500) for name in _brief(place)) + LISTED + 8


def _brief(place: Place) -> list[str]:
    """Names in a list without the word that all of them end with, and experts as such."""
    names = [
        mechanisms.short(c.block).capitalize() if "experts" in c.block.facts else c.name
        for c in place.choices
    ]
    last = {name.split()[-1] for name in names}
    shared = len(last) == 1 and all(" " in name for name in names)
    return [name.rsplit(" ", 1)[0] for name in names] if shared else names


def _tall(frame: _Frame, place: Place, room: float) -> float:
    if not place.mixes:
        return NORM
    if len(place.choices) == 1:
        return frame.block
    if _listed(place, room):
        return len(place.choices) * LINE + 6
    return frame.block + 2 * RIM


def _listed(place: Place, room: float) -> bool:
    """Whether names that would be cut side by side stand under one another."""
    count = len(place.choices)
    each = (room - 6 * (count - 1)) / count - 14
    return count > 2 or any(width(c.name, TYPE[-1], 600) > each for c in place.choices)


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
        if len(columns) > 1:
            before = _beside(frame, columns, before, at)
        else:
            place = columns[0][0]
            node = _put(frame, place, frame.left, frame.right, at)
            turn = () if before[-1].x == frame.centre else (Point(frame.centre, before[-1].y),)
            sheet.wire(*before, *turn, node.bottom, arrow=frame.gap >= 8)
            if "source" in place.block.roles:
                frame.source = Point(node.top.x, node.top.y - frame.gap / 2)
            before = (node.top,)
        at -= _high(frame, step) + frame.gap
    top = at
    if frame.stream.added and branch.added:
        node = chip(before[-1].x, at + frame.gap - 3 - CHIP / 2, frame.stream.added, size=11)
        sheet.wire(*before, node.bottom, arrow=False)
        sheet.add(node)
        before, top = (node.top,), at - SCALED
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
    ring = sheet.add(stream_sum(frame.line, top))
    frame.stops.append((ring.bottom.y, ring.top.y))
    return ring


def _put(frame: _Frame, place: Place, left: float, right: float, low: float) -> Node:
    """What stands at a place, between two edges and on its lower one."""
    sheet, middle = frame.sheet, (left + right) / 2
    high = _tall(frame, place, right - left)
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
    if _listed(place, right - left):
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
    words = _words(choice.name, below or size(choice.block), box)
    frame.sheet.put(shown, *centred(shown, role, *words))


def _words(name: str, below: str, box: Box) -> tuple[Words, ...]:
    """A name with what stands under it, or on two lines where it is too long for one."""
    room, twofold = box.width - 10, box.height >= TWOFOLD
    if room < NARROW:
        return ()
    lines = wrap(name, room, TYPE[-1], 600, lines=2)
    if twofold and len(lines) == 2:
        return tuple(Words(-3.0 + 13 * i, line, TYPE[-1], 600) for i, line in enumerate(lines))
    type_size = fitting(name, room, TYPE, 600)
    first = cut(name, room, type_size, 600)
    if not twofold or not below or width(below, 11) > room:
        return (Words(0.36 * type_size, first, type_size, 600),)
    return Words(-1.5, first, type_size, 600), Words(13.0, below, 11)


def _lines(sheet: Sheet, place: Place, whole: Box) -> None:
    """Blocks that layers have by turns under one another: glyph, count, name."""
    tone = max(place.choices, key=lambda choice: choice.layers).colour
    sheet.put(replace(whole, fill="paper", edge=f"{tone}.text", dashed=True))
    numbered = max(width(f"{c.layers:,}", 12, 600) for c in place.choices)
    at = whole.x + 20 + numbered
    room = whole.bounds.right - at - 10
    whole_names = [choice.name for choice in place.choices]
    cramped = any(width(name, TYPE[-1], 500) > room for name in whole_names)
    names = _brief(place) if cramped else whole_names
    y = whole.y + 3
    for choice, name in zip(place.choices, names, strict=True):
        sheet.put(*bars(Look(choice.colour, choice.bar), [Cell(whole.x + 7, y + 1, 9, LINE - 3)]))
        if room < NARROW:
            y += LINE
            continue
        base, role = y + LINE / 2 + 4.3, f"{choice.colour}.text"
        count, inside = f"{choice.layers:,}", whole.bounds
        sheet.label(at, base, count, size=12, weight=600, role=role, anchor="end", inside=inside)
        type_size = fitting(name, room, TYPE[1:], 500)
        said = cut(name, room, type_size, 500)
        sheet.label(at + 6, base, said, size=type_size, weight=500, role="ink", inside=inside)
        y += LINE


def _beside(
    frame: _Frame, columns: Sequence[Sequence[Place]], before: Sequence[Point], low: float
) -> tuple[Point, ...]:
    """Columns that read the same input, whose outputs are added: gives back where the sum leaves."""
    sheet, shares = frame.sheet, _shares(frame, columns)
    start = before[-1]
    if start.x != frame.line:
        sheet.wire(*before, Point(start.x, low), arrow=False)
        start = Point(start.x, low)
    tops = []
    for (left, wide), column in zip(shares, columns, strict=True):
        x, at, last = left + wide / 2, low - FORK, None
        for place in column:
            node = _put(frame, place, left, left + wide, at)
            turn = () if x == start.x else (Point(x, start.y),)
            points = (start, *turn, node.bottom) if last is None else (last, node.bottom)
            sheet.wire(*points, arrow=False)
            last, at = node.top, node.top.y - LEAST
        if last is not None:
            tops.append(last)
    high = max(_column(frame, c, wide) for c, (_, wide) in zip(columns, shares, strict=True))
    level = low - FORK - high - SUM + 6.5
    ring = operation(tops[0].x, level, "+", radius=5.5)
    for top in tops[1:]:
        sheet.wire(top, Point(top.x, level), ring.right, arrow=top == tops[-1])
    sheet.wire(tops[0], ring.bottom, arrow=False)
    sheet.add(ring)
    return (ring.top,)
