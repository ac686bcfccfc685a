"""One layer's wiring in a small frame of a given height: the parts of `page.layer_frame`, without numbers and norms' names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from llm_gallery.figure.kit import stream as streams
from llm_gallery.figure.kit.blocks import Node, Sheet
from llm_gallery.figure.kit.shapes import Box, Picture, Point
from llm_gallery.figure.kit.signs import CHIP, chip, operation, stream_sum
from llm_gallery.figure.sheets.small_blocks import NORM, needed, pill, stand, tall
from llm_gallery.plan.place import Place
from llm_gallery.plan.plan import Branch, OneLayer, Step
from llm_gallery.plan.stream import Stream

HEIGHTS = (36.0, 32.0, 24.0, 16.0)
"""Px of the height of a block: the largest with which all have room."""
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
SCALED = CHIP + 4.0
"""Px of a scalar on its way to the sum."""


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
    start: Point | None = None
    source: Point | None = None

    @property
    def line(self) -> float:
        """Where the stream runs."""
        return (20.0 if streams.line_count(self.stream) == 1 else 24.0) + (
            14.0 if self.stream.saved_every else 0.0
        )

    @property
    def left(self) -> float:
        return self.line + (24.0 if streams.line_count(self.stream) == 1 else 30.0)

    @property
    def right(self) -> float:
        return self.wide - 14.0

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2


def small_frame(one: OneLayer, stream: Stream, wide: float, high: float) -> Picture:
    """The frame, so wide and so high: what it has too much goes to the gaps."""
    frame = _Frame(wide, stream.inside, HEIGHTS[-1], 0.0, one.layers)
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
    ground.put(Box(0, 0, wide, high, radius=8, fill="paper", edge="frame", open=True, ground=True))
    stops = sorted(frame.stops, reverse=True)
    streams.run(ground, streams.earlier_places(stream, frame.line), 1.0, high, 0)
    thick = min(2.5, streams.line_thickness(frame.stream))
    streams.run(
        ground,
        streams.line_places(frame.stream, frame.line, 4.0),
        thick,
        high,
        3,
        stops,
        arrow=True,
    )
    count = f"× {one.layers:,}"
    passes = f"{stream.passes:,} times over, " if stream.passes > 1 else ""
    ground.label(
        wide - 10, 17, passes + count, size=13, weight=600, role="ink", anchor="end", tabular=True
    )
    if streams.line_count(stream) > 1:
        ground.label(frame.left, 17, f"{stream.count:,} streams", size=11.5)
    return Picture(width=wide, height=high, shapes=(*ground.shapes, *frame.sheet.shapes))


def least(one: OneLayer, stream: Stream, wide: float) -> float:
    """Px that a frame so wide needs at least."""
    frame = _Frame(wide, stream.inside, HEIGHTS[-1], LEAST, one.layers)
    return TOP + FOOT + _solid(one, frame) + LEAST * _gaps(one)


def _solid(one: OneLayer, frame: _Frame) -> float:
    """Px of all that isn't a gap."""
    steps = (step for branch in one.branches for step in branch.steps)
    between = sum(_between(frame, branch) for branch in one.branches[:-1])
    scaled = SCALED * sum(branch.added for branch in one.branches) if frame.stream.added else 0.0
    return sum(_high(frame, step) for step in steps) + between + scaled


def _between(frame: _Frame, branch: Branch) -> float:
    if not branch.added:
        return LEAST
    return (
        BETWEEN
        if streams.line_count(frame.stream) == 1 and not frame.stream.saved_every
        else ACROSS
    )


def _gaps(one: OneLayer) -> int:
    """Gaps: before a branch's first block, between blocks, and before the sum."""
    return sum(len(branch.steps) + (1 if branch.added else 0) for branch in one.branches) or 1


def _high(frame: _Frame, step: Step) -> float:
    """Px of a step's height."""
    columns = step.columns
    if len(columns) == 1:
        return tall(columns[0][0], frame.block, frame.right - frame.left)
    return FORK + SUM + _highest(frame, columns)


def _highest(frame: _Frame, columns: Sequence[Sequence[Place]]) -> float:
    """Px of the highest of columns."""
    return max(
        sum(tall(place, frame.block, wide) for place in column) + LEAST * (len(column) - 1)
        for column, (_, wide) in zip(columns, _shares(frame, columns), strict=True)
    )


def _shares(frame: _Frame, columns: Sequence[Sequence[Place]]) -> list[tuple[float, float]]:
    """Where each column begins and how wide it is: after the longest name in it, as far as there is room."""
    needs = [max(map(needed, column), default=60.0) for column in columns]
    room = frame.right - frame.left - APART * (len(columns) - 1)
    found, left = [], frame.left
    for need in needs:
        wide = room * need / sum(needs)
        found.append((left, wide))
        left += wide + APART
    return found


def _on_stream(frame: _Frame, branch: Branch, y: float) -> float:
    for _ in branch.places:
        y -= frame.gap
        box = pill(frame.line, y, 26)
        frame.sheet.put(box)
        frame.stops.append((box.bounds.bottom, box.y))
        y = box.y
    return y


def _branch(frame: _Frame, branch: Branch, y: float) -> float:
    """A branch from where it reads to where it is added; gives the height of that back."""
    sheet = frame.sheet
    low = Point(frame.line, y)
    frame.start = frame.start or low
    source = (frame.source or frame.start) if branch.apart else None
    before = streams.reads(sheet, frame.stream, low, source, frame.wide - 6, small=True)
    at = y - frame.gap
    for step in branch.steps:
        columns = step.columns
        if len(columns) > 1:
            before = _beside(frame, columns, before, at)
        else:
            place = columns[0][0]
            node = stand(sheet, place, (frame.left, frame.right), at, frame.block, frame.layers)
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


def _adds(frame: _Frame, branch: Branch, middle: float, top: float) -> Node:
    sheet, stream = frame.sheet, frame.stream
    if stream.mixes and branch.connection is not None:
        streams.crossing(sheet, streams.line_places(stream, frame.line, 4.0), middle)
    if streams.line_count(stream) > 1:
        return streams.bar(sheet, streams.line_places(stream, frame.line, 4.0), top, "+")
    if stream.kept or stream.scaled:
        box = pill(frame.line, middle + NORM / 2, 26)
        sheet.put(box)
        frame.stops.append((box.bounds.bottom, box.y))
    ring = sheet.add(stream_sum(frame.line, top))
    frame.stops.append((ring.bottom.y, ring.top.y))
    return ring


def _beside(
    frame: _Frame, columns: Sequence[Sequence[Place]], before: Sequence[Point], low: float
) -> tuple[Point, ...]:
    """Fork that read the same input, whose outputs are added: gives back where the sum leaves."""
    sheet, shares = frame.sheet, _shares(frame, columns)
    start = before[-1]
    if start.x != frame.line:
        sheet.wire(*before, Point(start.x, low), arrow=False)
        start = Point(start.x, low)
    tops = []
    for (left, wide), column in zip(shares, columns, strict=True):
        x, at, last = left + wide / 2, low - FORK, None
        for place in column:
            node = stand(sheet, place, (left, left + wide), at, frame.block, frame.layers)
            turn = () if x == start.x else (Point(x, start.y),)
            points = (start, *turn, node.bottom) if last is None else (last, node.bottom)
            sheet.wire(*points, arrow=False)
            last, at = node.top, node.top.y - LEAST
        if last is not None:
            tops.append(last)
    level = low - FORK - _highest(frame, columns) - SUM + 6.5
    ring = operation(tops[0].x, level, "+", radius=5.5)
    for top in tops[1:]:
        sheet.wire(top, Point(top.x, level), ring.right, arrow=top == tops[-1])
    sheet.wire(tops[0], ring.bottom, arrow=False)
    sheet.add(ring)
    return (ring.top,)
