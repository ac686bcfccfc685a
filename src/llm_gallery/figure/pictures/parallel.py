"""Two blocks that read the same input side by side, beside how they mostly stand: one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from llm_gallery.figure.kit.blocks import Sheet, Words, centred, pill
from llm_gallery.figure.kit.shapes import Box, Point
from llm_gallery.figure.kit.signs import dot, operation, stream_line, stream_sum
from llm_gallery.figure.kit.text import fitting, width
from llm_gallery.mechanisms.colour import Colour

NORM, HIGH, ROW = 48.0, 32.0, 40.0
"""Px of a norm's width, of a block's height, and from one row of blocks to the next."""
LOW, OVER = 66.0, 74.0
"""Px from the stream up to the middle of the lowest block, and of all but the rows."""


class Beside(NamedTuple):
    """What a block is called here, its colour, and whether a norm of its own stands before it."""

    name: str
    colour: Colour
    normed: bool


def parallel(blocks: Sequence[Beside], normed: bool, sheet: Sheet, wide: float, y: float) -> float:
    """Two layers laid down: a block after the other, and as it is here; `normed` with one norm for all."""
    rows = wide < 600
    each = wide - 32 if rows else (wide - 32 - 24) / 2
    sheet.label(16, y + 12, "mostly", size=13, weight=600)
    line = y + OVER + ROW * (1 if rows else len(blocks))
    front = normed or all(block.normed for block in blocks)
    apart = [[block._replace(normed=False)] for block in blocks]
    _stream(sheet, 16, each, line, apart, normed=front)
    x, y = (16.0, line + 20) if rows else (16 + each + 24, y)
    sheet.label(x, y + 12, "here", size=13, weight=600, role="ink")
    line = y + OVER + ROW * len(blocks)
    _stream(sheet, x, each, line, [blocks], normed=normed)
    return line + 18


def _stream(
    sheet: Sheet,
    x: float,
    wide: float,
    line: float,
    branches: Sequence[Sequence[Beside]],
    *,
    normed: bool,
) -> None:
    """The stream, and over it what is read from it and added, branch after branch."""
    at, each = Point(x, line), wide / len(branches)
    for index, blocks in enumerate(branches):
        left = x + index * each
        start = left + NORM / 2 + 2
        sheet.put(dot(start, line, "stream", 4.25))
        ring = sheet.add(stream_sum(left + each - 20, line))
        sheet.put(stream_line(at, ring.left))
        _branch(sheet, Point(start, line), ring.top, blocks, normed=normed)
        at = ring.right
    sheet.put(stream_line(at, Point(x + wide, line), arrow=True))


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
        named = width(block.name, 11, 600) <= broad - 8  # else its colour says what it is
        box = Box(
            middle - broad / 2,
            level - HIGH / 2,
            broad,
            HIGH,
            fill=f"{block.colour}.solid",
            labelled=named,
        )
        name = Words(
            4.5, block.name, fitting(block.name, broad - 8, (12.5, 12, 11.5, 11), 600), 600
        )
        sheet.put(box, *(centred(box, f"{block.colour}.on", name) if named else ()))
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
