"""Blocks of a branch at their place, and columns side by side: one input parts into them, ⊕ joins them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from llm_gallery import mechanisms
from llm_gallery.figure.kit.blocks import NORM, Node, Sheet, block_width, matrix, pill
from llm_gallery.figure.kit.shapes import Point
from llm_gallery.figure.kit.signs import RING, dot, operation
from llm_gallery.figure.model import mixer_blocks
from llm_gallery.figure.model.measures import (
    GAP,
    SPLIT,
    SUM,
    Setting,
    column_height,
    height,
    within,
)
from llm_gallery.figure.model.mixer_blocks import Hero, Span
from llm_gallery.figure.model.plan import Branch, Fork, Slot
from llm_gallery.figure.tooltip import tooltip


@dataclass(frozen=True, slots=True)
class Space:
    """Where columns stand: from `low` up to `high`, and the line on which they are added."""

    low: float
    high: float
    ring: float | None  # the ⊕ of the stream, where nothing comes between
    span: Span


def middle(branch: Branch, setting: Setting) -> float:
    """The line on which blocks stand that the columns share."""
    ends = [within(branch, setting, i).measures.centre for i in (0, branch.columns - 1)]
    return sum(ends) / 2


def block(
    sheet: Sheet,
    slot: Slot,
    setting: Setting,
    x: float,
    y: float,
    span: Span,
    enclosed: bool = False,
) -> tuple[Node, Hero | None]:
    """Puts a block with its middle at (x, y) on the sheet."""
    if slot.block.is_norm:
        return sheet.add(norm(slot, setting, x, y)), None
    if not slot.mixes:
        return sheet.add(_between(slot, setting, x, y)), None
    return mixer_blocks.placed(sheet, slot, setting, y, height(slot, setting), span, enclosed)


def _between(slot: Slot, setting: Setting, x: float, y: float) -> Node:
    """What a branch passes that neither mixes nor norms: a convolution over the last tokens, say."""
    block, m = slot.block, setting.measures
    name = mechanisms.title(block)
    answer = tooltip(slot.variants[0].path, block)
    if "taps" in block.facts:
        note = f"{block.number('taps'):,} taps"
        wide = min(m.wide, block_width(name, note) + 8)
        return pill(
            x, y, name, "convolution", note=note, wide=wide, high=NORM, size=12, about=answer
        )
    return matrix(x, y, name, "", "norm", wide=m.wide, about=answer)


def norm(slot: Slot, setting: Setting, x: float, y: float) -> Node:
    """The pill of a norm; with its width where the figure is in full."""
    m, block = setting.measures, slot.block
    name, note = mechanisms.title(block), ""
    if setting.full and "width" in block.facts:
        note = f"{block.number('width'):,}"
        if block_width(name, note) > m.norm + 12:
            note = ""
    wide = max(m.norm, block_width(name, note))
    return _pill(slot, x, y, name, note, wide)


def standing(slot: Slot, x: float, y: float) -> Node:
    """What stands on the stream itself: no further left than its frame's edge."""
    name = mechanisms.title(slot.block)
    wide = block_width(name)
    return _pill(slot, max(x, wide / 2 + 6), y, name, "", wide)


def _pill(slot: Slot, x: float, y: float, name: str, note: str, wide: float) -> Node:
    answers = tooltip(slot.variants[0].path, slot.block)
    return pill(x, y, name, "norm", note=note, wide=wide, high=NORM, size=12, about=answers)


def fork(
    sheet: Sheet,
    branch: Branch,
    step: Fork,
    setting: Setting,
    space: Space,
    before: Sequence[Point],
) -> tuple[tuple[Point, ...], list[tuple[Slot, Hero]]]:
    """Draws the columns; gives back where their sum leaves, and their heroes."""
    first, last = step is branch.steps[0], len(step.columns) - 1
    low = space.low if first else space.low - SPLIT
    high = space.high if space.ring is not None else space.high + SUM
    heroes: list[tuple[Slot, Hero]] = []
    ends: list[tuple[Node, Node]] = []
    for index, column in enumerate(step.columns):
        inner = within(branch, setting, index)
        y = low - (low - high - column_height(column, inner)) / 2
        nodes: list[Node] = []
        for slot in column:
            tall = height(slot, inner)
            x = inner.measures.centre
            node, hero = block(sheet, slot, inner, x, y - tall / 2, space.span, index < last)
            if nodes:
                sheet.wire(nodes[-1].top, node.bottom)
            if hero is not None:
                heroes.append((slot, hero))
            nodes.append(node)
            y -= tall + GAP
        ends.append((nodes[0], nodes[-1]))
    bottoms = [bottom.bottom for bottom, _ in ends]
    if first:
        _rail(sheet, before[-1], bottoms)
    else:
        parting = Point(before[-1].x, space.low)
        sheet.wire(*before, parting, arrow=False)
        _rail(sheet, parting, [p for p in bottoms if p.x >= parting.x])
        _rail(sheet, parting, [p for p in reversed(bottoms) if p.x < parting.x])
        sheet.put(dot(*parting))
    ring = space.high + RING if space.ring is None else space.ring
    out = _sum(sheet, [top.top for _, top in ends], ring)
    return ((out.top if space.ring is None else out.left,), heroes)


def _rail(sheet: Sheet, start: Point, ends: Sequence[Point]) -> None:
    """A line from the start past all ends, each reached from it; the last one is where it turns."""
    for end in ends[:-1]:
        if end.x != start.x:
            sheet.put(dot(end.x, start.y))
        sheet.wire(Point(end.x, start.y), end)
    if ends:
        turn = () if ends[-1].x == start.x else (Point(ends[-1].x, start.y),)
        sheet.wire(start, *turn, ends[-1])


def _sum(sheet: Sheet, tops: Sequence[Point], level: float) -> Node:
    """The last column's output runs back over the others, each added on its way."""
    before: tuple[Point, ...] = (tops[-1], Point(tops[-1].x, level))
    ring = operation(tops[0].x, level, "+")
    for top in reversed(tops[:-1]):
        ring = operation(top.x, level, "+")
        sheet.wire(*before, ring.right)
        sheet.wire(top, ring.bottom)
        sheet.add(ring)
        before = (ring.left,)
    return ring
