"""One frame: the branches of alike layers on their residual stream, with the numbers that define them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from llm_gallery.figure.kit import stream as streams
from llm_gallery.figure.kit.blocks import Node, Sheet, pill
from llm_gallery.figure.kit.shapes import About, Box, Picture, Point
from llm_gallery.figure.kit.signs import dot, stream_sum
from llm_gallery.figure.kit.text import cut, fitting, width
from llm_gallery.figure.model import block_columns, measures
from llm_gallery.figure.model.block_columns import block, standing
from llm_gallery.figure.model.measures import (
    BETWEEN,
    FIRST,
    FOOT,
    GAP,
    Extent,
    Setting,
    height,
    needed,
    step_height,
)
from llm_gallery.figure.model.mixer_blocks import Hero
from llm_gallery.figure.model.plan import Branch, Fork, Frame, Slot
from llm_gallery.figure.tooltip import tooltip

MOST_SPREAD = 170.0
"""Px that are added at most between two branches of a high frame."""
SCALED = "learned scales"
OVER, UNDER = 14.0, 16.0
"""Px by which the stream sticks out of the frame."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A frame by its upper left corner, its heroes, each with the slot that it shows, and where its stream may be labelled.

    All in the coordinates of the whole.
    """

    picture: Picture
    corner: Point
    heroes: tuple[tuple[Slot, Hero], ...]
    junction: Point | None

    @property
    def placed(self) -> tuple[Point, Picture]:
        """Its corner and its picture."""
        return self.corner, self.picture


def frame(
    shown: Frame, setting: Setting, branches: Sequence[Extent], high: float, corner: Point
) -> Drawn:
    """The frame at its full height; what its branches leave is spread between them."""
    m = setting.measures
    passed = _passed(shown)
    if passed:
        setting = replace(setting, measures=replace(m, limit=m.width - 20))
    sheet = Sheet()
    ground = Box(0, 0, m.width, high, radius=10, fill="paper", edge="frame", open=True, ground=True)
    sheet.put(ground)
    free = high - needed(branches)
    gaps = len(branches) - 1
    spread = min(0.44 * free / gaps, MOST_SPREAD) if gaps > 0 else 0.0
    between = BETWEEN + spread
    y = high - FOOT - (free - spread * max(gaps, 0)) * (0.2 / 0.56 if gaps > 0 else 0.45)
    found: list[tuple[Slot, Hero]] = []
    track, above = Track(), Sheet()
    for index, (branch, extent) in enumerate(zip(shown.branches, branches, strict=True)):
        if branch.added:
            around = index in passed
            found += _branch(above, branch, setting, extent, y - extent.low, track, around)
        else:
            track.stops += _standing(above, branch, setting, y)
        y -= extent.whole + between
    stream = setting.stream
    across, start = stream.across(m.stream), high + UNDER
    thin = stream.earlier(m.stream)
    streams.run(sheet, thin, 1.25, start, -OVER + 8)
    stops = sorted(track.stops, reverse=True)
    streams.run(sheet, across, stream.thickness, start, -OVER, stops, arrow=True)
    sheet.shapes += above.shapes
    _title(sheet, shown, setting, found)
    heroes = tuple((slot, hero.moved(corner)) for slot, hero in found)
    at = track.junction
    junction = None if at is None else Point(at.x + corner.x, at.y + corner.y)
    return Drawn(sheet.picture(m.width, high), corner, heroes, junction)


@dataclass(slots=True)
class Track:
    """What a frame has so far: where its stream is left out, and what later branches refer to."""

    stops: streams.Stops = field(default_factory=list)
    source: Point | None = None  # what leaves the block that a later branch reads
    junction: Point | None = None


def _passed(shown: Frame) -> range:
    """The branches that a shortcut runs round, from the one that it leaves to the one that it enters."""
    for index, branch in enumerate(shown.branches):
        if branch.apart:
            before = enumerate(shown.branches[:index])
            return range(
                next((i for i, earlier in before if any(map(_source, earlier.slots))), index), index
            )
    return range(0)


def _source(slot: Slot) -> bool:
    return "source" in slot.block.roles


def _standing(
    sheet: Sheet, branch: Branch, setting: Setting, y: float
) -> Iterator[tuple[float, float]]:
    """Blocks on the stream itself, from y up: all that flows passes through them."""
    for slot in branch.slots:
        tall = height(slot, setting)
        m = setting.measures
        node = sheet.add(standing(slot, m.stream, y - tall / 2))
        yield node.bottom.y, node.top.y
        y -= tall + GAP


def _title(
    sheet: Sheet, shown: Frame, setting: Setting, heroes: Sequence[tuple[Slot, Hero]]
) -> None:
    m = setting.measures
    channel = next((h for s, h in heroes if s.block.mixes_channels and not h.enclosed), None)
    count = f"× {len(shown.layers):,}"
    large = 20 if m.rule is not None else 18
    taken = width(count, large, 600, tracking=-0.3)
    right = m.width - (20 if m.rule is not None else 14)
    room = right - taken - 14 - m.left
    if channel is not None:
        lane = channel.outlet
        if right - taken < lane + 6:
            right = lane - 8
            room = right - taken - 10 - m.left
        room = min(room, lane - 8 - m.left)
    name = shown.title
    size = fitting(name, room, (15.0, 14.0, 13.0), 600)
    if width(name, size, 600) > room:
        brief = f"{shown.short[:1].upper()}{shown.short[1:]}"
        whole = f"{brief} layer"
        fits = "," not in brief and width(whole, size, 600) <= room
        size = size if fits else fitting(brief, room, (13.0, 12.5, 12.0, 11.5), 600)
        name = whole if fits else cut(brief, room, size, 600)
    sheet.label(m.left, 29, name, size=size, weight=600, role="ink")
    tone = "ink" if shown.colour is None else f"{shown.colour}.text"
    sheet.label(right, 31, count, size=large, weight=600, role=tone, anchor="end", tracking=-0.3)


def _branch(
    sheet: Sheet,
    branch: Branch,
    setting: Setting,
    extent: Extent,
    y: float,
    track: Track,
    around: bool,
) -> list[tuple[Slot, Hero]]:
    """Draws a branch from where it reads, at y, up to where it is added; gives its heroes back."""
    inner = measures.within(branch, setting)
    m = inner.measures
    top = y - extent.high
    # What a branch has too much of height goes to its blocks' gaps, so that ⊕ keeps its distance.
    spare = (extent.high - extent.blocks) / (len(branch.steps) + 1)
    start = _read(sheet, branch, setting, y, track)
    ring = _written(sheet, branch, setting, (y, top), track)
    centre = block_columns.middle(branch, setting)
    at = y - FIRST - extent.under - spare
    before: tuple[Point, ...] = start
    found: list[tuple[Slot, Hero]] = []
    for step in branch.steps:
        tall = step_height(branch, step, inner)
        if isinstance(step, Fork):
            last = step is branch.steps[-1]
            space = block_columns.Space(at, at - tall, top if last else None, (top - 4, y))
            before, drawn = block_columns.fork(sheet, branch, step, setting, space, before)
            found += drawn
            centre = before[-1].x
        else:
            node, hero = block(sheet, step, inner, centre, at - tall / 2, (top - 4, y), around)
            if _source(step):
                track.source = Point(node.top.x, node.top.y - GAP / 2)
            if hero is not None:
                found.append((step, hero))
            turn = () if before[-1].x == centre else (Point(centre, before[-1].y),)
            sheet.wire(*before, *turn, node.bottom)
            before = (node.top,)
        at -= tall + GAP + spare
    if branch.steps:
        turn = () if before[-1].y == top else (Point(before[-1].x, top),)
        if branch.connection is not None and setting.stream.kind == SCALED:
            scale = streams.scaling(sheet, (m.stream + centre) / 2, top)
            sheet.wire(*before, *turn, scale.right, arrow=False)
            before, turn = (scale.left,), ()
        sheet.wire(*before, *turn, ring.right)
    return found


def _read(
    sheet: Sheet, branch: Branch, setting: Setting, y: float, track: Track
) -> tuple[Point, ...]:
    """Where a branch leaves the stream: a dot, a bar across several lines, or another block's output."""
    m, stream = setting.measures, setting.stream
    if branch.apart and track.source is not None:
        sheet.put(dot(*track.source))
        lane = m.width - 12
        return track.source, Point(lane, track.source.y), Point(lane, y)
    if stream.lines == 1 and not stream.saved_every:
        sheet.put(dot(m.stream, y, "stream", 4.25))
        return (Point(m.stream, y),)
    across = (*stream.earlier(m.stream), *stream.across(m.stream))
    node = streams.bar(sheet, across, y, "", _answer(branch, setting))
    return (node.right,)


def _written(
    sheet: Sheet, branch: Branch, setting: Setting, extent: tuple[float, float], track: Track
) -> Node:
    """Where a branch is added, and what happens to the stream beside it."""
    m, stream = setting.measures, setting.stream
    low, top = extent
    middle = low - FIRST - 12
    if branch.connection is not None and track.junction is None:
        half = (stream.across(m.stream)[-1] - m.stream) + 7
        track.junction = Point(m.stream + half + 10.5, middle)
    if stream.mixes and branch.connection is not None:
        streams.crossing(sheet, stream.across(m.stream), middle)
    if branch.connection is not None and stream.kind == SCALED:
        node = streams.scaling(sheet, m.stream, top + 30, _answer(branch, setting))
        track.stops.append((node.bottom.y, node.top.y))
    if stream.lines > 1:
        return streams.bar(sheet, stream.across(m.stream), top, "+")
    if stream.kept:
        node = sheet.add(pill(m.stream, top + 30, stream.kept, "norm", wide=46, high=20, size=10.5))
        track.stops.append((node.bottom.y, node.top.y))
    if stream.added:
        sheet.label(m.stream + 14, top - 6, stream.added, size=11)
    ring = sheet.add(stream_sum(m.stream, top))
    track.stops.append((ring.bottom.y, ring.top.y))
    return ring


def _answer(branch: Branch, setting: Setting) -> About | None:
    """What a connection answers for itself: but for the first, what isn't as there."""
    connection, first = branch.connection, setting.wiring
    if connection is None:
        return None
    known = first is not None and first.path != connection.path
    like = (first.path, first.block) if first is not None and known else None
    return tooltip(connection.path, connection.block, like=like)
