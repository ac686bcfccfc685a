"""The frame of one layer: the stream, what branches off, and blocks that layers have by turns side by side."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import NamedTuple

from llm_gallery import mechanisms
from llm_gallery.figure.frame import blocks
from llm_gallery.figure.frame.blocks import APART
from llm_gallery.figure.frame.place import Changes, Frame, Framed
from llm_gallery.figure.kit import stream as streams
from llm_gallery.figure.kit.blocks import NORM, Node, Sheet
from llm_gallery.figure.kit.shapes import About, Box, Picture, Point
from llm_gallery.figure.kit.signs import CHIP, STREAM_RING, chip, dot, operation, stream_sum
from llm_gallery.figure.kit.text import fitting, width
from llm_gallery.figure.tooltip import tooltip
from llm_gallery.plan.block_names import layers
from llm_gallery.plan.naming import named
from llm_gallery.plan.place import Place
from llm_gallery.plan.plan import Branch, Fork, OneLayer, Plan, Step

HEAD, FOOT = 58.0, 16.0
"""Px over the last sum and under the first branch."""
STREAMS = 16.0
"""Px more where the head says how many streams there are."""
FIRST, GAP, LAST, BETWEEN = 14.0, 16.0, 18.0, 24.0
"""Px to a branch's first block, between blocks, from the last one to where it is added, and to the next branch."""
NAMES = (14.0, 13.0, 12.5, 12.0, 11.5, 11.0, 10.5)
"""Px of the type of a model's name over its frame, the first that fits."""
MOST_MORE = 10.0
"""Px that a gap grows at most where the frame is higher than it must be."""
SHORTEST = 4.0
"""Px of the line over a sum of columns, however low the frame."""


def picture(
    one: OneLayer,
    plan: Plan,
    wide: float,
    more: float = 0.0,
    *,
    opened: bool = False,
    full: bool = False,
    new: frozenset[str] = frozenset(),
    pictured: frozenset[str] = frozenset(),
) -> Picture:
    """The frame, so wide and as high as it needs to be, with so many px `more` in every gap.

    `opened` shows the inside of a plain MLP; blocks at the paths of what is `new` are outlined.
    Facts that are `pictured` beside it aren't listed beside their block.
    """
    bands = [(branch,) for branch in one.branches]
    (drawn,) = frames([Framed(plan, one, opened, full, new, pictured)], bands, wide, more)
    return drawn


Band = Sequence[Branch | None]
"""A branch of each model, None where one has none there."""


def frames(
    models: Sequence[Framed], bands: Sequence[Band], wide: float, more: float = 0.0
) -> list[Picture]:
    """A frame a model, all of one height: what stands in a band is at one height, too."""
    drawn = [Frame(model, wide, more) for model in models]
    y = -FOOT
    for band in bands:
        y = _band([(f, b) for f, b in zip(drawn, band, strict=True) if b is not None], y)
        y -= BETWEEN + more
    high = HEAD - y - BETWEEN - more
    if any(frame.shown.plan.stream.worked for frame in drawn):
        high += STREAMS
    return [_framed(frame, high) for frame in drawn]


class Reach(NamedTuple):
    """The middle of what a branch is about, and where the branch is added."""

    middle: float
    top: float


def _band(pairs: Sequence[tuple[Frame, Branch]], y: float) -> float:
    """A branch of each model that has one; gives back where they end."""
    if not pairs[0][1].added:
        return min(_on_stream(frame, branch, y) for frame, branch in pairs)
    if len(pairs) == 1:
        return _branch(*pairs[0], y).top
    tried = [_branch(frame.trial(), branch, y) for frame, branch in pairs]
    middle = min(each.middle for each in tried)
    lower = [each.middle - middle for each in tried]
    top = min(each.top - low for each, low in zip(tried, lower, strict=True))
    for (frame, branch), low in zip(pairs, lower, strict=True):
        _branch(frame, branch, y, low, top)
    return top


def gaps(one: OneLayer) -> int:
    """How many gaps share what is spare."""
    return sum(len(branch.steps) + 2 for branch in one.branches)


def openable(one: OneLayer) -> bool:
    """Whether a plain MLP stands alone at a place of the layer, so that its inside has room there."""
    return bool(opened(one))


def opened(one: OneLayer) -> frozenset[str]:
    """The paths of those MLPs."""
    return frozenset(
        step.choices[0].path
        for branch in one.branches
        for step in branch.steps
        if isinstance(step, Place) and len(step.choices) == 1 and blocks.opens(step.choices[0])
    )


def _framed(frame: Frame, high: float) -> Picture:
    """The frame's border, its stream and its title, under what was drawn."""
    wide, stream, changes = frame.width, frame.stream, frame.shown.changes
    ground, under = Sheet(), Sheet()
    if changes is not None and changes.new:
        ground.put(Box(-7, -7, wide + 14, high + 14, radius=16, fill="lens", open=True))
    ground.put(Box(0, 0, wide, high, radius=10, fill="paper", edge="frame", open=True, ground=True))
    if frame.shown.one is None:
        under.label(wide / 2, high / 2, "no such layers", size=12.5, anchor="middle")
    else:
        stops, wide_stops = (
            [(low + high, up + high) for low, up in sorted(held, reverse=True)]
            for held in (frame.stops, frame.across)
        )
        across = streams.line_places(stream, frame.line)
        streams.run(
            under, streams.earlier_places(stream, frame.line), 1.25, high + 8, -6, wide_stops
        )
        streams.run(under, across, streams.line_thickness(stream), high + 8, -10, stops, arrow=True)
    if changes is None:
        _title(under, frame)
    else:
        _beside(under, frame, changes)
    ground.place(under, 0, 0)
    ground.place(frame.sheet, 0, high)
    ground.inside += ((Point(at.x, at.y + high), shown) for at, shown in frame.inside)
    first = min(frame.shown.one.all_layers, default=0) if frame.shown.one else 0
    return ground.picture(wide, high).called("layer", f"layer-{first + 1}", "One layer")


def _title(sheet: Sheet, frame: Frame) -> None:
    """How many layers are so."""
    count, depth = frame.layers, frame.shown.plan.depth
    title = "One layer" if count == depth else f"One of {layers(count)}"
    if not depth:
        title = "No layers"
    titled = sheet.label(frame.left, 32, title, size=15, weight=600, role="ink")
    passes = f", {frame.stream.passes:,} times over" if frame.stream.passes > 1 else ""
    said = f"× {count:,}{passes}"
    sizes = (15.0, 13.0, 12.0, 11.0) if passes else (18.0, 15.0)
    size = fitting(said, frame.right - titled.bounds.right - 10, sizes, 600)
    sheet.label(frame.right, 33, said, size=size, weight=600, role="ink", anchor="end")
    if words := _worked(frame.shown.plan):
        sheet.fitted(frame.left, 50, words, frame.right - frame.left, blocks.SMALL)


def _worked(plan: Plan) -> str:
    """What a layer works on in place of one stream, and what the field calls that."""
    words = plan.stream.worked
    if not words or plan.wiring is None:
        return words
    return named(words, [plan.wiring.variants[0].block], plan.naming)


def _beside(sheet: Sheet, frame: Frame, changes: Changes) -> None:
    """Which of the models it is of, and what its stream is where that isn't one line that runs once."""
    left, room, role = frame.left, frame.right - frame.left, "ink" if changes.new else "muted"
    if changes.title:
        sheet.label(left, 30, changes.title, size=15, weight=600, role=role)
        rest = room - width(changes.title, 15, 600) - 14
        sheet.fitted(frame.right, 30, changes.name, rest, NAMES[1:], anchor="end")
    else:
        sheet.fitted(left, 30, changes.name, room, NAMES, weight=600, role=role)
    stream, said = frame.shown.plan.stream, []
    if streams.line_count(stream) > 1:
        said.append(f"{stream.count:,} streams")
    if stream.saved_every:
        said.append("earlier sums are read too")
    if stream.passes > 1:
        said.append(f"run {stream.passes:,} times over")
    sheet.fitted(left, 48, ", ".join(said), room, blocks.SMALL)


def _on_stream(frame: Frame, branch: Branch, y: float) -> float:
    """Blocks on the stream itself, which all that flows passes; gives back where they end."""
    for place in branch.places:
        name = mechanisms.title(place.block)
        wide = max(60.0, width(name, 12, 500) + 22)
        x = max(frame.line, wide / 2 + 6)
        node = blocks.named_pill(frame, place, x, y - NORM / 2, name, wide)
        frame.stops.append((node.bottom.y, node.top.y))
        frame.across.append((node.bottom.y, node.top.y))
        y -= NORM + GAP + frame.more
    return y + GAP + frame.more


def _branch(frame: Frame, branch: Branch, y: float, lower: float = 0.0, top: float = inf) -> Reach:
    """A branch from where it reads to where it is added, its blocks so much higher than need be, its sum at `top`."""
    sheet, stream = frame.sheet, frame.stream
    place = Point(frame.line, y)
    frame.start = frame.start or place
    source = (frame.source or frame.start) if branch.apart else None
    before = streams.reads(sheet, stream, place, source, frame.width - 8, answer(branch))
    centre = blocks.centre(frame)
    compared = frame.shown.changes is not None
    if compared or any(_broad(frame, step) for step in branch.steps):
        centre = (frame.left + frame.right) / 2
    at = y - FIRST - frame.more / 2 - lower
    middle = at
    gap = GAP + frame.more
    for step in branch.steps:
        if isinstance(step, Fork):
            under = at
            before, at = _columns(frame, step, before, at)
            centre = max(before[-1].x, frame.left + blocks.PLAIN / 2)
            middle = (under + before[-1].y) / 2
        else:
            node = blocks.place_block(frame, step, centre, at)
            turn = () if before[-1].x == centre else (Point(centre, before[-1].y),)
            sheet.wire(*before, *turn, node.bottom)
            if "source" in step.block.roles:
                frame.source = Point(node.top.x, node.top.y - GAP / 2)
            middle = node.centre.y if step.mixes else middle
            before, at = (node.top,), node.top.y - gap
    scaled = (
        (stream.added or branch.scaled) if branch.steps and streams.line_count(stream) == 1 else ""
    )
    about = About("", f"{scaled}: {'each' if stream.added else 'this'} branch")
    half = chip(0, 0, scaled, size=11).box.width / 2
    beside = frame.line + STREAM_RING + 14
    if scaled and before[-1].x < beside + 2 * half + 10:  # no room beside the sum: on the way up
        node = sheet.add(chip(before[-1].x, at - CHIP / 2, scaled, size=11, about=about))
        sheet.wire(*before, node.bottom)
        before, at, scaled = (node.top,), node.top.y - gap, ""
    top = min(top, at + gap - LAST - frame.more / 2)
    if frame.scaled:
        top = min(top, y - 64)
    ring = _adds(frame, branch, y, top)
    turn = () if before[-1].y == top else (Point(before[-1].x, top),)
    if scaled:
        node = sheet.add(chip(beside + half, top, scaled, size=11, about=about))
        sheet.wire(*before, *turn, node.right, arrow=False)
        sheet.wire(node.left, ring.right)
    elif branch.steps:
        sheet.wire(*before, *turn, ring.right)
    return Reach(middle, top)


def _broad(frame: Frame, step: Step) -> bool:
    """Whether it takes all the width."""
    if isinstance(step, Fork):
        return True
    many = step.mixes and len(frame.in_frame(step).choices) > 1
    return many or (frame.shown.opened and blocks.opens(step.choices[0]))


def _adds(frame: Frame, branch: Branch, low: float, top: float) -> Node:
    """Where it is added, and what happens to the stream beside it."""
    sheet, stream, line = frame.sheet, frame.stream, frame.line
    if stream.mixes and branch.connection is not None:
        streams.crossing(sheet, streams.line_places(stream, line), (low + top) / 2)
    if branch.connection is not None and stream.scaled:
        node = streams.scaling(sheet, line, top + 30, answer(branch))
        frame.stops.append((node.bottom.y, node.top.y))
    if streams.line_count(stream) > 1:
        return streams.bar(sheet, streams.line_places(stream, line), top, "+")
    if kept := stream.kept or branch.kept:
        about = About("", f"{kept}: the stream, at {'each' if stream.kept else 'this'} branch")
        node = sheet.add(chip(line, top + 30, kept, size=11, about=about))
        frame.stops.append((node.bottom.y, node.top.y))
    ring = sheet.add(stream_sum(line, top))
    frame.stops.append((ring.bottom.y, ring.top.y))
    return ring


def answer(branch: Branch) -> About | None:
    """What says how a branch reads and writes several streams."""
    connection = branch.connection
    return None if connection is None else tooltip(connection.path, connection.block)


def _weight(frame: Frame, column: Sequence[Place]) -> float:
    """How broad a column is beside others: blocks that layers have by turns take more room."""
    return 1.7 if any(len(frame.in_frame(place).choices) > 1 for place in column) else 1.0


def _columns(
    frame: Frame, step: Fork, before: Sequence[Point], low: float
) -> tuple[tuple[Point, ...], float]:
    """Fork that read the same input, each added on its way; gives back where the sum leaves."""
    sheet, at_left = frame.sheet, frame.left
    room = frame.right - at_left - APART * (len(step.columns) - 1)
    weights = [_weight(frame, column) for column in step.columns]
    start = Point(before[-1].x, before[-1].y)
    rail = low + FIRST - 4 if before[-1].x == frame.line else low - 4 + frame.more / 4
    if start.x != frame.line:
        sheet.wire(*before, Point(start.x, rail), arrow=False)
        sheet.put(dot(start.x, rail))
        start = Point(start.x, rail)
        low -= GAP + frame.more / 2
    else:
        start = before[-1]
    tops: list[Point] = []
    for column, weight in zip(step.columns, weights, strict=True):
        each = room * weight / sum(weights)
        inner, x = frame.column(at_left, each), at_left + each / 2
        at_left += each + APART
        at, last = low, None
        for place in column:
            node = blocks.place_block(inner, place, x, at)
            if last is None:
                sheet.wire(start, *(() if x == start.x else (Point(x, start.y),)), node.bottom)
            else:
                sheet.wire(last, node.bottom)
            last, at = node.top, node.top.y - GAP
        if last is not None:
            tops.append(last)
    level = min(top.y for top in tops) - 22 - frame.more / 2
    ring = operation(tops[0].x, level, "+")
    path: tuple[Point, ...] = (tops[-1], Point(tops[-1].x, level))
    for top in reversed(tops[:-1]):
        ring = operation(top.x, level, "+")
        sheet.wire(*path, ring.right)
        sheet.wire(top, ring.bottom)
        sheet.add(ring)
        path = (ring.left,)
    if step.scale:
        about = About("", f"{step.scale}: sum of parallel branches")
        y = ring.top.y - 12 - CHIP / 2
        node = sheet.add(chip(ring.top.x, y, step.scale, size=11, about=about))
        sheet.wire(ring.top, node.bottom)
        ring = node
    return (ring.top,), ring.top.y - max(SHORTEST, GAP + frame.more - 8)
