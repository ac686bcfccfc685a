"""A branch laid down as it is here, beside how branches mostly are: blocks side by side, or norms elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from llm_gallery.figure.kit.blocks import Node, Sheet, Words, centred, pill
from llm_gallery.figure.kit.shapes import Box, Point
from llm_gallery.figure.kit.signs import dot, operation, stream_line, stream_sum
from llm_gallery.figure.kit.text import fitting, width
from llm_gallery.novelty.arrangements import Beside

NORM, HIGH, ROW = 48.0, 32.0, 40.0
"""Px of a norm's width, of a block's height, and from one row of blocks to the next."""
LOW, OVER = 66.0, 74.0
"""Px from the stream up to the middle of the lowest block, and of all but the rows."""


class Norms(NamedTuple):
    """Whether a branch has a norm in front, and one behind."""

    front: bool = False
    behind: bool = False


def parallel(blocks: Sequence[Beside], normed: bool, sheet: Sheet, wide: float, y: float) -> float:
    """A block after the other, and side by side as they are here, `normed` with one norm for all."""
    front = Norms(normed or all(block.normed for block in blocks))
    apart = [[block._replace(normed=False)] for block in blocks]
    return _both(sheet, wide, y, (apart, front), ([blocks], Norms(normed)))


def norms(before: bool, sheet: Sheet, wide: float, y: float) -> float:
    """A branch with its norm in front, and with one behind as it is here."""
    branches = [[Beside("attention, MLP", "norm", False)]]
    return _both(sheet, wide, y, (branches, Norms(front=True)), (branches, Norms(before, True)))


Branches = Sequence[Sequence[Beside]]
"""The blocks of each branch, one after another on the stream."""


def _both(
    sheet: Sheet, wide: float, y: float, usual: tuple[Branches, Norms], own: tuple[Branches, Norms]
) -> float:
    """How branches mostly are, and how they are here: beside each other, or where that is too narrow under it."""
    rows = wide < 600
    each = wide - 32 if rows else (wide - 32 - 24) / 2
    most = max(len(blocks) for branches, _ in (usual, own) for blocks in branches)
    x, line = 16.0, y
    for name, (branches, around) in (("mostly", usual), ("here", own)):
        sheet.label(x, y + 12, name, size=13, weight=600, role="ink" if name == "here" else "muted")
        line = y + OVER + ROW * (max(map(len, branches)) if rows else most)
        _stream(sheet, x, each, line, branches, around)
        x, y = (16.0, line + 20) if rows else (16 + each + 24, y)
    return line + 18


def _stream(
    sheet: Sheet, x: float, wide: float, line: float, branches: Branches, around: Norms
) -> None:
    """The stream, and over it what is read from it and added, branch after branch."""
    at, each = Point(x, line), wide / len(branches)
    for index, blocks in enumerate(branches):
        left = x + index * each
        start = left + NORM / 2 + 2
        sheet.put(dot(start, line, "stream", 4.25))
        ring = sheet.add(stream_sum(left + each - (NORM / 2 + 2 if around.behind else 20), line))
        sheet.put(stream_line(at, ring.left))
        end = ring.top
        if around.behind:
            node = sheet.add(_new(end.x, line - 30))
            sheet.wire(node.bottom, end)
            end = node.top
        _branch(sheet, Point(start, line), end, blocks, normed=around.front)
        at = ring.right
    sheet.put(stream_line(at, Point(x + wide, line), arrow=True))


def _new(x: float, y: float) -> Node:
    """A norm where branches mostly have none: in ink, as the accent is."""
    box = Box(x - NORM / 2, y - 12, NORM, 24, radius=12, fill="ink", labelled=True)
    return Node(box, (box, *centred(box, "paper", Words(4.5, "norm", 12.5, 500))))


def _branch(
    sheet: Sheet, start: Point, end: Point, blocks: Sequence[Beside], *, normed: bool
) -> None:
    """What stands between where the stream is read and where it is added to, the first block lowest."""
    at = start
    if normed:
        node = sheet.add(pill(start.x, start.y - 30, "norm", wide=NORM, high=24, size=12.5))
        sheet.wire(at, node.bottom)
        at = node.top
    left = start.x + (NORM + 32 if any(block.normed for block in blocks) else 16)
    broad = min(150.0, end.x - 14 - left)
    middle = (left + end.x - 14) / 2
    levels = [start.y - LOW - ROW * row for row in range(len(blocks))]
    for block, level in zip(blocks, levels, strict=True):
        any_block = block.colour == "norm"
        named = width(block.name, 11, 600) <= broad - 8  # else its colour says what it is
        box = Box(
            middle - broad / 2,
            level - HIGH / 2,
            broad,
            HIGH,
            fill="matrix" if any_block else f"{block.colour}.solid",
            edge="stream" if any_block else None,
            labelled=named,
        )
        name = Words(
            4.5, block.name, fitting(block.name, broad - 8, (12.5, 12, 11.5, 11), 600), 600
        )
        sheet.put(
            box,
            *(centred(box, "ink" if any_block else f"{block.colour}.on", name) if named else ()),
        )
        path = [at, Point(at.x, level)]
        if block.normed:
            node = sheet.add(
                pill(at.x + 16 + NORM / 2, level, "norm", wide=NORM, high=24, size=12.5)
            )
            sheet.wire(*path, node.left)
            path = [node.right]
        sheet.wire(*path, Point(box.x, level))
    _added(sheet, middle + broad / 2, levels[::-1], end)


def _added(sheet: Sheet, x: float, levels: Sequence[float], end: Point) -> None:
    """The sum of all that leave at x, from the highest down to the stream."""
    at = [Point(x, levels[0]), Point(end.x, levels[0])]
    for level in levels[1:]:
        node = sheet.add(operation(end.x, level, "+"))
        sheet.wire(*at, node.top)
        sheet.wire(Point(x, level), node.left)
        at = [node.bottom]
    sheet.wire(*at, end)
