"""The frame of one layer: the stream, what branches off, and blocks that layers have by turns side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from llm_gallery import mechanisms
from llm_gallery.figure.kit import stream as streams
from llm_gallery.figure.kit.blocks import HERO, MATRIX, NORM, Node, Sheet, centred, hero_words, pill
from llm_gallery.figure.kit.shapes import About, Box, Line, Picture, Point, moved
from llm_gallery.figure.kit.signs import CHIP, chip, dot, operation, stream_sum
from llm_gallery.figure.kit.stream import Stream
from llm_gallery.figure.kit.text import cut, fitting, width
from llm_gallery.figure.numbers import layers, numbers
from llm_gallery.figure.page.layer_bar import Cell, Look, bars
from llm_gallery.figure.plan.one_layer import Choice, Columns, OneLayer, Place, Reading
from llm_gallery.figure.tooltip import tooltip
from llm_gallery.mechanisms.colour import Colour

HEAD, FOOT = 62.0, 18.0
"""Px over the last sum and under the first branch."""
FIRST, GAP, LAST, BETWEEN = 14.0, 16.0, 18.0, 26.0
"""Px to a branch's first block, between blocks, from the last one to where it is added, and to the next branch."""
APART = 10.0
"""Px between blocks side by side."""
LINE = 20.0
"""Px of a line in a list of blocks."""
MOST_BESIDE = 3
"""Blocks that stand side by side; more are listed."""
BROADEST = 160.0
MOST_NUMBERS = 4
NUMBER, WORDS, PITCH = 13.0, 12.0, 18.0
"""Px of the type of a number and of what it counts, and from line to line."""


@dataclass(slots=True)
class Frame:
    """A frame that is being drawn, upward from 0."""

    width: float
    stream: Stream
    model_width: int | None
    layers: int
    more: float = 0.0  # px in every gap
    sheet: Sheet = field(default_factory=Sheet)
    stops: list[tuple[float, float]] = field(default_factory=list)
    source: Point | None = None

    @property
    def line(self) -> float:
        """Where the stream runs."""
        return 26.0 if self.stream.lines == 1 else 33.0

    @property
    def left(self) -> float:
        """The left edge of the blocks."""
        return self.line + (28.0 if self.stream.lines == 1 else 34.0)

    @property
    def right(self) -> float:
        """Their right edge."""
        return self.width - 16


def picture(
    one: OneLayer,
    stream: Stream,
    wide: float,
    model_width: int | None,
    depth: int,
    least: float = 0.0,
) -> Picture:
    """The frame, so wide and as high as it needs to be, or `least`: what it has too much goes to the gaps."""
    drawn = _drawn(one, stream, wide, model_width, depth, 0.0)
    spare = least - drawn.height
    if spare <= 0:
        return drawn
    gaps = sum(len(branch.steps) + 2 for branch in one.branches)
    return _drawn(one, stream, wide, model_width, depth, min(14.0, spare / gaps))


def _drawn(
    one: OneLayer, stream: Stream, wide: float, model_width: int | None, depth: int, more: float
) -> Picture:
    """The frame with so many px more in every gap."""
    frame = Frame(wide, stream, model_width, one.layers, more)
    y = -FOOT
    for branch in one.branches:
        y = _branch(frame, branch, y) if branch.added else _on_stream(frame, branch, y)
        y -= BETWEEN + frame.more
    high = HEAD - y - BETWEEN - frame.more
    ground, under = Sheet(), Sheet()
    ground.put(Box(0, 0, wide, high, radius=10, fill="paper", edge="frame", open=True, ground=True))
    stops = [(low + high, up + high) for low, up in sorted(frame.stops, reverse=True)]
    across = stream.across(frame.line)
    streams.run(under, stream.earlier(frame.line), 1.25, high + 16, -6)
    streams.run(under, across, stream.thickness, high + 16, -14, stops, arrow=True)
    _title(under, frame, one.layers, depth)
    shapes = (*ground.shapes, *under.shapes, *moved(tuple(frame.sheet.shapes), 0, high))
    return Picture(width=wide, height=high, shapes=shapes)


def _title(sheet: Sheet, frame: Frame, count: int, depth: int) -> None:
    title = "One layer" if count == depth else f"One of {layers(count)}"
    sheet.label(frame.left, 32, title, size=15, weight=600, role="ink")
    passes = f", {frame.stream.passes:,} times over" if frame.stream.passes > 1 else ""
    said = f"{count:,}{passes}"
    sheet.label(
        frame.right,
        33,
        f"× {said}",
        size=18 if not passes else 15,
        weight=600,
        role="ink",
        anchor="end",
    )
    if frame.stream.lines > 1 and not frame.stream.saved_every:
        words = f"{frame.stream.count:,} streams in place of one"
        sheet.label(frame.left, 50, words, size=12.5)


def _on_stream(frame: Frame, branch: Reading, y: float) -> float:
    """Blocks on the stream itself, which all that flows passes; gives back where they end."""
    for place in branch.places:
        name = mechanisms.title(place.block)
        wide = max(60.0, width(name, 12, 500) + 22)
        x = max(frame.line, wide / 2 + 6)
        node = frame.sheet.add(_pill(place, x, y - NORM / 2, name, wide))
        frame.stops.append((node.bottom.y, node.top.y))
        y -= NORM + GAP
    return y + GAP


def _branch(frame: Frame, branch: Reading, y: float) -> float:
    """A branch from where it reads to where it is added; gives the height of that back."""
    sheet, stream = frame.sheet, frame.stream
    before = _reads(frame, branch, y)
    centre = frame.left + min(BROADEST, frame.right - frame.left) / 2
    if any(_broad(step) for step in branch.steps):
        centre = (frame.left + frame.right) / 2
    at = y - FIRST - frame.more / 2
    gap = GAP + frame.more
    for step in branch.steps:
        if isinstance(step, Columns):
            before, at = _columns(frame, step, before, at)
            centre = before[-1].x
        else:
            node = _place(frame, step, centre, at)
            turn = () if before[-1].x == centre else (Point(centre, before[-1].y),)
            sheet.wire(*before, *turn, node.bottom)
            if "source" in step.block.roles:
                frame.source = Point(node.top.x, node.top.y - GAP / 2)
            before, at = (node.top,), node.top.y - gap
    top = at + gap - LAST - frame.more / 2
    if stream.kept or stream.kind == "learned scales":
        top = min(top, y - 64)
    ring = _adds(frame, branch, y, top)
    turn = () if before[-1].y == top else (Point(before[-1].x, top),)
    if branch.steps and stream.added and stream.lines == 1:
        left = ring.right.x + 14
        half = chip(0, 0, stream.added, size=11).box.width / 2
        node = sheet.add(chip(left + half, top, stream.added, size=11))
        sheet.wire(*before, *turn, node.right, arrow=False)
        sheet.wire(node.left, ring.right)
    elif branch.steps:
        sheet.wire(*before, *turn, ring.right)
    return top


def _broad(step: Place | Columns) -> bool:
    return isinstance(step, Columns) or (step.mixes and len(step.choices) > 1)


def _reads(frame: Frame, branch: Reading, y: float) -> tuple[Point, ...]:
    """Where it leaves the stream: a dot, a bar across several lines, or another block's output."""
    sheet, stream = frame.sheet, frame.stream
    if branch.apart and frame.source is not None:
        sheet.put(dot(*frame.source))
        lane = frame.width - 8
        return frame.source, Point(lane, frame.source.y), Point(lane, y)
    if stream.lines == 1 and not stream.saved_every:
        sheet.put(dot(frame.line, y, "stream", 4.25))
        return (Point(frame.line, y),)
    across = (*stream.earlier(frame.line), *stream.across(frame.line))
    return (streams.bar(sheet, across, y, "", _answer(branch)).right,)


def _adds(frame: Frame, branch: Reading, low: float, top: float) -> Node:
    """Where it is added, and what happens to the stream beside it."""
    sheet, stream, line = frame.sheet, frame.stream, frame.line
    if stream.mixes and branch.connection is not None:
        streams.crossing(sheet, stream.across(line), (low + top) / 2)
    if branch.connection is not None and stream.kind == "learned scales":
        node = streams.scaling(sheet, line, top + 30, _answer(branch))
        frame.stops.append((node.bottom.y, node.top.y))
    if stream.lines > 1:
        return streams.bar(sheet, stream.across(line), top, "+")
    if stream.kept:
        node = sheet.add(chip(line, top + 30, stream.kept, size=11))
        frame.stops.append((node.bottom.y, node.top.y))
    ring = sheet.add(stream_sum(line, top))
    frame.stops.append((ring.bottom.y, ring.top.y))
    return ring


def _answer(branch: Reading) -> About | None:
    connection = branch.connection
    return None if connection is None else tooltip(connection.path, connection.block)


def _place(frame: Frame, place: Place, x: float, low: float) -> Node:
    """What stands at a place, its lower edge at `low`."""
    if not place.mixes:
        return _between(frame, place, x, low)
    if len(place.choices) == 1:
        return _single(frame, place, x, low)
    if len(place.choices) <= MOST_BESIDE and not _cramped(frame, place):
        return _side_by_side(frame, place, low)
    return _listed(frame, place, low)


def _between(frame: Frame, place: Place, x: float, low: float) -> Node:
    """A norm, or another thing that neither mixes nor norms."""
    name = mechanisms.title(place.block)
    norm = place.block.is_norm
    high = NORM if norm else MATRIX
    wide = max(108.0, width(name, 12.5, 500) + 24)
    return frame.sheet.add(_pill(place, x, low - high / 2, name, wide))


def _pill(place: Place, x: float, y: float, name: str, wide: float) -> Node:
    choice = place.choices[0]
    about = tooltip(choice.path, choice.block)
    tone: Colour = "convolution" if "taps" in choice.block.facts else "norm"
    return pill(x, y, name, tone, wide=wide, high=NORM, size=12.5, about=about)


def _single(frame: Frame, place: Place, x: float, low: float) -> Node:
    """The block that all layers have here, its numbers beside it."""
    choice = place.choices[0]
    wide = min(BROADEST, frame.right - frame.left)
    some = place.layers < frame.layers
    box = Box(x - wide / 2, low - HERO, wide, HERO)
    node = _block(frame, choice, box, layers(choice.layers) if some else "")
    if some:
        _border(frame, box)
    _numbers(frame, choice, box)
    return node


def _numbers(frame: Frame, choice: Choice, box: Box) -> None:
    """What defines a block, right of it, where there is room for the words."""
    rows = numbers(choice.block, choice.path, frame.model_width)[:MOST_NUMBERS]
    left, right = box.bounds.right + 14, frame.right + 8
    count = max((width(row.value, NUMBER, 600) for row in rows), default=0.0)
    rows = tuple(r for r in rows if left + 10 + count + 6 + width(r.label, WORDS) <= right)
    if not rows:
        return
    high = len(rows) * PITCH - 3
    middle = box.y + box.height / 2
    top, sheet = middle - high / 2, frame.sheet
    sheet.rule(Point(left, top), Point(left, top + high))
    ends = (Point(box.bounds.right, middle), Point(left, middle))
    sheet.put(Line(points=ends, kind="leader", role="hairline", thickness=1))
    for index, row in enumerate(rows):
        y = top + 12 + index * PITCH
        x = left + 10 + count
        sheet.label(
            x, y, row.value, size=NUMBER, weight=600, role="ink", anchor="end", about=row.about
        )
        sheet.label(x + 6, y, row.label, size=WORDS)


def _block(frame: Frame, choice: Choice, box: Box, below: str) -> Node:
    """A block, full or hollow like its bar, which stands at its left where it says more than the colour."""
    colour, hollow = choice.colour, choice.bar.borrowed == "all"
    about = tooltip(choice.path, choice.block, choice.name)
    fill, edge = ("paper", f"{colour}.text") if hollow else (f"{colour}.solid", None)
    shown = replace(box, fill=fill, edge=edge, line=1.5, labelled=True, about=about)
    role = f"{colour}.text" if hollow else f"{colour}.on"
    frame.sheet.put(shown, *centred(shown, role, *hero_words(choice.name, below, box.width, 11.5)))
    return Node(shown, ())


def _side_by_side(frame: Frame, place: Place, low: float) -> Node:
    """Blocks that layers have by turns: the input parts to them, one line leaves."""
    sheet = frame.sheet
    count = len(place.choices)
    left, right = frame.left + 4, frame.right - 4
    each = (right - left - APART * (count - 1)) / count
    low -= 14
    boxes = [Box(left + index * (each + APART), low - HERO, each, HERO) for index in range(count)]
    for choice, box in zip(place.choices, boxes, strict=True):
        below = f"in {layers(choice.layers)}"
        if width(below, 11.5) > each - 10:
            below = f"{choice.layers:,}"
        _block(frame, choice, box, below)
    middle = (left + right) / 2
    fork = low + 14 - 2
    for box in boxes:
        x = box.x + box.width / 2
        ends = (Point(middle, fork), Point(x, fork), Point(x, low))
        sheet.wire(*(ends if x != middle else ends[::2]))
    whole = Box(left - 7, low - HERO - 7, right - left + 14, HERO + 14 + 2)
    border = replace(
        whole, dashed=True, edge=f"{place.choices[0].colour}.text", open=True, radius=9
    )
    sheet.put(border)
    return Node(Box(left - 7, low - HERO - 7, right - left + 14, HERO + 14 + 5), ())


def _border(frame: Frame, box: Box) -> None:
    """The dashed border of what only some layers have."""
    frame.sheet.put(
        Box(
            box.x - 6,
            box.y - 6,
            box.width + 12,
            box.height + 12,
            dashed=True,
            edge="muted",
            open=True,
            radius=9,
        )
    )


def _cramped(frame: Frame, place: Place) -> bool:
    """Whether names would be cut side by side."""
    count = len(place.choices)
    each = (frame.right - frame.left - 8 - APART * (count - 1)) / count
    return any(width(choice.name, 12, 600) > each - 14 for choice in place.choices)


def _listed(frame: Frame, place: Place, low: float) -> Node:
    """Blocks that layers have by turns as lines: glyph, count, name."""
    sheet, count = frame.sheet, len(place.choices)
    high = count * LINE + 14
    left, right = frame.left - 2, frame.right + 2
    tone = max(place.choices, key=lambda choice: choice.layers).colour
    box = Box(left, low - high, right - left, high, fill="paper", edge=f"{tone}.text", line=1.5)
    sheet.put(box)
    numbered = max(width(f"{c.layers:,}", 12.5, 600) for c in place.choices)
    y = low - high + 7
    for choice in place.choices:
        cell = Cell(left + 12, y + 2, 13, LINE - 4)
        sheet.put(*bars(Look(choice.colour, choice.bar), [cell]))
        base = y + LINE / 2 + 4.5
        at, role = left + 36 + numbered, f"{choice.colour}.text"
        about = tooltip(choice.path, choice.block, choice.name)
        sheet.label(
            at,
            base,
            f"{choice.layers:,}",
            size=12.5,
            weight=600,
            role=role,
            anchor="end",
            inside=box.bounds,
        )
        size = fitting(choice.name, right - at - 18, (12.5, 12, 11.5, 11, 10.5), 500)
        sheet.label(
            at + 8,
            base,
            cut(choice.name, right - at - 18, size, 500),
            size=size,
            weight=500,
            role="ink",
            inside=box.bounds,
            about=about,
        )
        y += LINE
    return Node(box, ())


def _columns(
    frame: Frame, step: Columns, before: Sequence[Point], low: float
) -> tuple[tuple[Point, ...], float]:
    """Columns that read the same input, each added on its way; gives back where the sum leaves."""
    sheet, count = frame.sheet, len(step.columns)
    left, right = frame.left, frame.right
    each = (right - left - APART * (count - 1)) / count
    start = Point(before[-1].x, before[-1].y)
    rail = low + FIRST - 4 if before[-1].x == frame.line else low - 4
    if start.x != frame.line:
        sheet.wire(*before, Point(start.x, rail), arrow=False)
        sheet.put(dot(start.x, rail))
        start = Point(start.x, rail)
        low -= GAP
    else:
        start = before[-1]
    tops: list[Point] = []
    for index, column in enumerate(step.columns):
        inner = replace_frame(frame, left + index * (each + APART), each)
        x = left + index * (each + APART) + each / 2
        at, last = low, None
        for place in column:
            node = _place(inner, place, x, at)
            if last is None:
                sheet.wire(start, *(() if x == start.x else (Point(x, start.y),)), node.bottom)
            else:
                sheet.wire(last, node.bottom)
            last, at = node.top, node.top.y - GAP
        if last is not None:
            tops.append(last)
    level = min(top.y for top in tops) - 22
    ring = operation(tops[0].x, level, "+")
    path: tuple[Point, ...] = (tops[-1], Point(tops[-1].x, level))
    for top in reversed(tops[:-1]):
        ring = operation(top.x, level, "+")
        sheet.wire(*path, ring.right)
        sheet.wire(top, ring.bottom)
        sheet.add(ring)
        path = (ring.left,)
    if step.scale:
        node = sheet.add(chip(ring.top.x, ring.top.y - 12 - CHIP / 2, step.scale, size=11))
        sheet.wire(ring.top, node.bottom)
        ring = node
    return (ring.top,), ring.top.y - GAP - frame.more + 8


def replace_frame(frame: Frame, left: float, wide: float) -> Frame:
    """The frame as one column sees it."""
    return _Column(
        frame.width,
        frame.stream,
        frame.model_width,
        frame.layers,
        frame.more,
        frame.sheet,
        frame.stops,
        frame.source,
        left_edge=left,
        right_edge=left + wide,
    )


@dataclass(slots=True)
class _Column(Frame):
    """A part of the frame's width."""

    left_edge: float = 0.0
    right_edge: float = 0.0

    @property
    def left(self) -> float:
        return self.left_edge

    @property
    def right(self) -> float:
        return self.right_edge
