"""A branch of a frame: where it reads, the way over its blocks, and where it is added."""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery import mechanisms
from llm_gallery.figure.difference.bands import Step
from llm_gallery.figure.difference.frame import GAP, Frame, columns, high
from llm_gallery.figure.difference.frame_blocks import pill_of, place_of
from llm_gallery.figure.kit import stream as streams
from llm_gallery.figure.kit.blocks import NORM, Node, pill
from llm_gallery.figure.kit.shapes import Point
from llm_gallery.figure.kit.signs import dot, operation, stream_sum
from llm_gallery.figure.kit.text import width
from llm_gallery.figure.page.layer_frame import answer
from llm_gallery.figure.plan.one_layer import Columns, Reading


def on_stream(frame: Frame, branch: Reading, y: float, more: float) -> None:
    """What all that flows passes."""
    for place in branch.places:
        name = mechanisms.title(place.block)
        wide = max(60.0, width(name, 12, 500) + 22)
        node = pill_of(frame, place, max(frame.line, wide / 2 + 6), y - NORM / 2, name, wide)
        frame.stops.append((node.bottom.y, node.top.y))
        y -= NORM + GAP + more


def branch_of(
    frame: Frame,
    branch: Reading,
    way: Sequence[tuple[Step, float]],
    ends: tuple[float, float],
    more: float,
) -> None:
    """A branch from where it reads over its steps, each with its lower edge, to where it is added."""
    sheet, (low, top) = frame.sheet, ends
    stream, source = frame.model.plan.stream, frame.source if branch.apart else None
    place, about = Point(frame.line, low), answer(branch)
    before = streams.reads(sheet, stream, place, source, frame.wide - 7, about)
    for step, edge in way:
        if isinstance(step, Columns):
            before = _forked(frame, step, before, edge, more)
            continue
        node = place_of(frame, step, edge)
        turn = () if before[-1].x == node.bottom.x else (Point(node.bottom.x, before[-1].y),)
        sheet.wire(*before, *turn, node.bottom)
        if "source" in step.block.roles:
            frame.source = Point(node.top.x, node.top.y - GAP / 2)
        before = (node.top,)
    ring = _adds(frame, branch, low, top)
    if way:
        sheet.wire(*before, Point(before[-1].x, top), ring.right)


def crowded(frame: Frame, branch: Reading) -> bool:
    """Whether something stands on the stream beside the branch."""
    stream = frame.model.plan.stream
    scaled = stream.kind == "learned scales" and branch.connection is not None
    return scaled or bool(stream.kept) or (stream.mixes and branch.connection is not None)


def _adds(frame: Frame, branch: Reading, low: float, top: float) -> Node:
    """Where it is added, and what happens to the stream beside it."""
    sheet, stream, line = frame.sheet, frame.model.plan.stream, frame.line
    if stream.mixes and branch.connection is not None:
        streams.crossing(sheet, stream.across(line), (low + top) / 2)
    if branch.connection is not None and stream.kind == "learned scales":
        node = streams.scaling(sheet, line, (low + top) / 2 + 4, answer(branch))
        frame.stops.append((node.bottom.y, node.top.y))
    if stream.lines > 1:
        return streams.bar(sheet, stream.across(line), top, "+")
    if stream.kept:
        at = (low + top) / 2
        node = sheet.add(pill(line, at, stream.kept, "norm", wide=46, high=20, size=11))
        frame.stops.append((node.bottom.y, node.top.y))
    if stream.added:
        sheet.label(line + 14, top - 6, stream.added, size=12)
    ring = sheet.add(stream_sum(line, top))
    frame.stops.append((ring.bottom.y, ring.top.y))
    return ring


def _forked(
    frame: Frame, step: Columns, before: Sequence[Point], low: float, more: float
) -> tuple[Point, ...]:
    """Columns that read the same input and are added; gives back where the sum leaves."""
    sheet, start = frame.sheet, before[-1]
    rail = low - 4
    fork = Point(frame.middle, rail)
    turn = () if start.x == fork.x else (Point(fork.x, start.y),)
    sheet.wire(*before, *turn, fork, arrow=False)
    sheet.put(dot(*fork))
    tops: list[Point] = []
    for inner, column in columns(frame, step):
        x, at = inner.middle, low - 12
        x = fork.x if abs(x - fork.x) < 1 else x
        last: tuple[Point, ...] = (fork, Point(x, rail)) if x != fork.x else (fork,)
        for place in column:
            node = place_of(inner, place, at)
            sheet.wire(*last, node.bottom)
            last, at = (node.top,), node.top.y - GAP - more
        tops.append(last[-1])
    level = low - high(frame, step, more) + 10
    ring = operation(frame.middle, level, "+")
    for top in tops:
        end = ring.right if top.x > frame.middle else ring.left
        if abs(top.x - frame.middle) < 1:
            sheet.wire(Point(frame.middle, top.y), ring.bottom)
        else:
            sheet.wire(top, Point(top.x, level), end)
    sheet.add(ring)
    return (ring.top,)
