"""One frame: the branches of alike layers on their residual stream, with the numbers that define them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from llm_gallery.architecture.block import CHANNEL_MIXERS
from llm_gallery.figure import columns, measures
from llm_gallery.figure.blocks import Sheet, dot, label, operation
from llm_gallery.figure.columns import block, standing
from llm_gallery.figure.heroes import Hero, fitting
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
    step_height,
)
from llm_gallery.figure.plan import Branch, Fork, Frame, Slot
from llm_gallery.figure.shapes import Box, Line, Picture, Point
from llm_gallery.figure.text import cut, width

MOST_SPREAD = 110.0
"""Px that are added at most between two branches of a high frame."""
OVER, UNDER = 14.0, 16.0
"""Px by which the stream sticks out of the frame."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A frame with its heroes, each with the slot that it shows."""

    picture: Picture
    heroes: tuple[tuple[Slot, Hero], ...]

    def hero(self, slot: Slot) -> Hero | None:
        """A slot's block."""
        return next((h for s, h in self.heroes if s is slot), None)


def frame(shown: Frame, setting: Setting, branches: Sequence[Extent], high: float) -> Drawn:
    """The frame at its full height; what its branches leave is spread between them."""
    m = setting.measures
    sheet = Sheet()
    ground = Box(
        x=0, y=0, width=m.width, height=high, radius=10, fill="paper", edge="frame", open=True
    )
    sheet.put(ground)
    free = high - needed(branches)
    gaps = len(branches) - 1
    spread = min(0.44 * free / gaps, MOST_SPREAD) if gaps > 0 else 0.0
    between = BETWEEN + spread
    y = high - FOOT - (free - spread * max(gaps, 0)) * (0.2 / 0.56 if gaps > 0 else 0.45)
    found: list[tuple[Slot, Hero]] = []
    stops: list[tuple[float, float]] = []
    for branch, (tall, low) in zip(shown.branches, branches, strict=True):
        if branch.added:
            found += _branch(sheet, branch, setting, y - low, tall)
            ring = y - low - tall
            stops.append((ring + 8.5, ring - 8.5))
        else:
            ring = y - tall
            stops += _standing(sheet, branch, setting, y)
        y = ring - between
    _stream(sheet, m, high, stops)
    _title(sheet, shown, setting, found)
    return Drawn(sheet.picture(m.width, high), tuple(found))


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


def _title(
    sheet: Sheet, shown: Frame, setting: Setting, heroes: Sequence[tuple[Slot, Hero]]
) -> None:
    m = setting.measures
    channel = next(
        (h for s, h in heroes if s.block.kind in CHANNEL_MIXERS and not h.enclosed), None
    )
    count = f"× {len(shown.layers):,}"
    large = 20 if m.rule is not None else 18
    taken = width(count, large, 600, tracking=-0.3)
    right = m.width - (20 if m.rule is not None else 14)
    room = right - taken - 14 - m.left
    if channel is not None:
        lane = channel.box.x + channel.box.width - 10 if channel.split else channel.lane
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


def _branch(
    sheet: Sheet, branch: Branch, setting: Setting, y: float, high: float
) -> list[tuple[Slot, Hero]]:
    """Draws a branch from its dot at y up to its ⊕; gives its heroes back."""
    inner = measures.within(branch, setting)
    m = inner.measures
    top = y - high
    under = room_under(branch, inner) if m.rule is not None else 0.0
    column = FIRST + under + sum(step_height(branch, s, inner) + GAP for s in branch.steps)
    # What a branch has too much of height goes to its blocks' gaps, so that ⊕ keeps its distance.
    spare = (high - column) / (len(branch.steps) + 1)
    sheet.put(dot(m.stream, y, "stream", 4.25))
    ring = operation(m.stream, top, "+", radius=8.5, role="stream", thickness=1.75)
    centre = columns.middle(branch, setting)
    at = y - FIRST - under - spare
    before: tuple[Point, ...] = (Point(m.stream, y),)
    found: list[tuple[Slot, Hero]] = []
    for step in branch.steps:
        tall = step_height(branch, step, inner)
        if isinstance(step, Fork):
            last = step is branch.steps[-1]
            space = columns.Space(at, at - tall, top if last else None, (top - 4, y))
            before, drawn = columns.fork(sheet, branch, step, setting, space, before)
            found += drawn
            centre = before[-1].x
        else:
            node, hero = block(sheet, step, inner, centre, at - tall / 2, (top - 4, y))
            if hero is not None:
                found.append((step, hero))
            turn = () if before[-1].x == centre else (Point(centre, before[-1].y),)
            sheet.wire(*before, *turn, node.bottom)
            before = (node.top,)
        at -= tall + GAP + spare
    if branch.steps:
        turn = () if before[-1].y == top else (Point(before[-1].x, top),)
        sheet.wire(*before, *turn, ring.right)
    sheet.add(ring)
    return found
