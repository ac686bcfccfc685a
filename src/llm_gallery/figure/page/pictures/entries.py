"""Entries over the tokens that they stand for, and which of them a query reads."""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.figure.kit.blocks import Sheet, pill
from llm_gallery.figure.kit.shapes import Box, Mark, Point
from llm_gallery.figure.kit.signs import squares
from llm_gallery.figure.numbers import layers
from llm_gallery.mechanisms import colour_of


def entries(block: Block, count: int, sheet: Sheet, wide: float, y: float) -> float:
    """Entries over the tokens that they stand for, and which of them a query reads."""
    colour, ratio = colour_of(block), block.number("ratio")
    chooses, where = "selected" in block.facts, layers(count)
    text = f"{colour}.text"
    size = sheet.label(16, y + 22, f"{ratio:,} : 1", size=24, weight=600, role=text, tabular=True)
    name = (
        "compressed and sparse" if chooses else "heavily compressed" if ratio > 16 else "compressed"
    )
    sheet.label(size.bounds.right + 12, y + 12, name, size=13.5, weight=600, role="ink")
    sheet.label(size.bounds.right + 12, y + 28, where, size=12.5)
    window = block.number("window") if "window" in block.facts else 0
    query = sheet.add(pill(wide - 46, y + 50, "query", colour, wide=60, high=22, size=13))
    right = wide - 96 if window else wide - 20
    tokens, row = y + 126.0, 9.0
    count = 14 if chooses else 5
    room = (right - 16) / count
    lit = {2, 5, 6, 10} if chooses else set(range(count))
    side = 8.0
    high = y + 92.0
    for index in range(count):
        middle = 16 + room * (index + 0.5)
        role = f"{colour}.solid" if index in lit else "paper"
        edge = None if index in lit else f"{colour}.edge"
        if index in lit:
            sheet.wire(
                Point(middle, query.left.y), Point(middle, high), arrow=False, role=f"{colour}.line"
            )
        sheet.put(
            Box(middle - side / 2, high, side, side, radius=1.5, fill=role, edge=edge, open=True)
        )
        path = (
            f"h{side}l{room / 2 - side / 2 - 1:.1f} {tokens - high - side - 1:.1f}h{-room + 2:.1f}z"
        )
        sheet.put(
            Mark(
                middle - side / 2,
                high + side,
                path,
                width=side,
                height=tokens - high - side,
                fill=f"{colour}.pale",
            )
        )
    first = 16 + room * (min(lit) + 0.5)
    sheet.wire(Point(first, query.left.y), query.left, arrow=False, role=f"{colour}.line")
    rows = [(0.0, 0.0, right - 16)]
    sheet.put(squares(16, tokens, rows, f"{colour}.edge", side=row, gap=1.0))
    said = "every entry read" if not chooses else f"the best {block.number('selected'):,} read"
    sheet.label(16, y + 46, said, size=13)
    sheet.label(16, tokens + 26, f"{ratio:,} {'token' if ratio == 1 else 'tokens'} each", size=13)
    if window:
        start = right + 14
        sheet.put(
            squares(
                start, tokens, [(0.0, 0.0, wide - 16 - start)], f"{colour}.solid", side=row, gap=1.0
            )
        )
        sheet.label(wide - 16, tokens + 26, f"the last {window:,}", size=13, anchor="end")
        sheet.wire(
            query.bottom, Point(query.bottom.x, tokens - 3), arrow=False, role=f"{colour}.line"
        )
    return tokens + 44
