"""One frame: the branches of alike layers on their residual stream, with the numbers that define them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from llm_gallery.figure import heroes, words
from llm_gallery.figure.about import about
from llm_gallery.figure.blocks import (
    Node,
    Sheet,
    dot,
    label,
    matrix,
    operation,
    pill,
    pill_width,
)
from llm_gallery.figure.heroes import Hero, Span, fitting
from llm_gallery.figure.measures import (
    BETWEEN,
    FIRST,
    FOOT,
    GAP,
    Extent,
    Measures,
    Setting,
    height,
    needed,
    room_under,
)
from llm_gallery.figure.plan import Branch, Frame, Slot
from llm_gallery.figure.shapes import Box, Line, Picture, Point
from llm_gallery.figure.text import cut, width

OVER, UNDER = 14.0, 16.0
"""Px by which the stream sticks out of the frame."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A frame with its heroes: of tokens and of channels."""

    picture: Picture
    token: Hero | None
    channel: Hero | None


def frame(shown: Frame, setting: Setting, branches: Sequence[Extent], high: float) -> Drawn:
    """The frame at its full height; what its branches leave is spread between them."""
    m = setting.measures
    sheet = Sheet()
    ground = Box(
        x=0, y=0, width=m.width, height=high, radius=10, fill="paper", edge="frame", open=True
    )
    sheet.put(ground)
    free = high - needed(branches)
    between = BETWEEN + (0.44 * free / (len(branches) - 1) if len(branches) > 1 else 0)
    y = high - FOOT - free * (0.2 if len(branches) > 1 else 0.45)
    token = channel = None
    stops: list[tuple[float, float]] = []
    for branch, (tall, low) in zip(shown.branches, branches, strict=True):
        drawn = _branch(sheet, branch, setting, y - low, tall)
        if branch.hero is not None and drawn is not None:
            if branch.hero is shown.hero(True):
                token = drawn
            elif branch.hero is shown.hero(False):
                channel = drawn
        ring = y - low - tall
        stops.append((ring + 8.5, ring - 8.5))
        y = ring - between
    _stream(sheet, m, high, stops)
    _title(sheet, shown, setting, channel)
    return Drawn(sheet.picture(m.width, high), token, channel)


def _stream(sheet: Sheet, m: Measures, high: float, stops: Sequence[tuple[float, float]]) -> None:
    """One unbroken line: each piece ends at the edge of a ⊕ and goes on at its other edge."""
    start = high + UNDER
    for below, above in stops:
        _piece(sheet, m.stream, start, below)
        start = above
    sheet.put(
        Line(
            points=(Point(m.stream, start), Point(m.stream, -OVER)),
            kind="stream",
            role="stream",
            thickness=3,
            arrow=True,
        )
    )


def _piece(sheet: Sheet, x: float, start: float, end: float) -> None:
    sheet.put(
        Line(points=(Point(x, start), Point(x, end)), kind="stream", role="stream", thickness=3)
    )


def _title(sheet: Sheet, shown: Frame, setting: Setting, channel: Hero | None) -> None:
    m = setting.measures
    count = f"× {len(shown.layers):,}"
    large = 20 if m.rule is not None else 18
    taken = width(count, large, 600, tracking=-0.3)
    right = m.width - (20 if m.rule is not None else 14)
    room = right - taken - 14 - m.left
    if channel is not None:
        lane = channel.box.x + channel.box.width - 10 if channel.split else m.lane
        if right - taken < lane + 6:
            right = lane - 8
            room = right - taken - 10 - m.left
        room = min(room, lane - 8 - m.left)
    name = shown.title
    size = fitting(name, room, (15.0, 14.0, 13.0), 600)
    if width(name, size, 600) > room:
        name = cut(f"{shown.short[:1].upper()}{shown.short[1:]}", room, size, 600)
    sheet.put(label(m.left, 29, name, size=size, weight=600, role="ink"))
    tone = "ink" if shown.colour is None else f"{shown.colour}.text"
    sheet.put(
        label(right, 31, count, size=large, weight=600, role=tone, anchor="end", tracking=-0.3)
    )


def _branch(sheet: Sheet, branch: Branch, setting: Setting, y: float, high: float) -> Hero | None:
    """Draws a branch from its dot at y up to its ⊕; gives its hero back."""
    m = setting.measures
    top = y - high
    under = room_under(branch, setting) if m.rule is not None else 0.0
    column = FIRST + under + sum(height(slot, setting) + GAP for slot in branch.slots)
    # What a branch has too much of height goes to its blocks' gaps, so that ⊕ keeps its distance.
    spare = (high - column) / (len(branch.slots) + 1)
    sheet.put(dot(m.stream, y, "stream", 4.25))
    at = y - FIRST - under - spare
    before: Point | None = None
    found = None
    for slot in branch.slots:
        tall = height(slot, setting)
        node, drawn = _slot(sheet, slot, setting, at - tall / 2, tall, (top - 4, y))
        found = drawn or found
        if before is None:
            sheet.wire(Point(m.stream, y), Point(m.centre, y), node.bottom)
        else:
            sheet.wire(before, node.bottom)
        before = node.top
        at -= tall + GAP + spare
    ring = operation(m.stream, top, "+", radius=8.5, role="stream", thickness=1.75)
    if before is not None:
        sheet.wire(before, Point(m.centre, top), ring.right)
    sheet.add(ring)
    return found


def _slot(
    sheet: Sheet, slot: Slot, setting: Setting, y: float, tall: float, span: Span
) -> tuple[Node, Hero | None]:
    m = setting.measures
    block, path = slot.block, slot.variants[0].path
    if block.kind in words.NORMS:
        note = ""
        if setting.full and "width" in block.facts:
            note = f"{block.number('width'):,}"
            if pill_width(words.NORMS[block.kind], note, 12) > m.norm + 12:
                note = ""
        node = pill(
            m.centre,
            y,
            words.NORMS[block.kind],
            "norm",
            note=note,
            wide=max(m.norm, pill_width(words.NORMS[block.kind], note, 12)),
            high=24,
            size=12,
            about=about(path, block),
        )
        return sheet.add(node), None
    if not slot.mixes:
        node = matrix(m.centre, y, block.kind.replace("_", " "), "", "norm", wide=m.wide)
        return sheet.add(node), None
    return heroes.placed(sheet, slot, setting, y, tall, span)
