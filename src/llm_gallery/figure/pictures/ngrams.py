"""The last few tokens together name rows of tables."""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Box, Point
from llm_gallery.figure.kit.signs import squares
from llm_gallery.figure.kit.text import Span
from llm_gallery.mechanisms import colour_of
from llm_gallery.plan.place import Variant

SIDE, APART, STEP = 26.0, 6.0, 40.0
"""Px of a token, between two, and from one length of n-gram to the next."""
MOST = 5
"""Lengths that are drawn at most."""
ROWS = ((1, 5), (4, 2), (0, 3), (5, 1), (2, 4))
"""Which rows of a small table are lit: an illustration."""


def ngrams(variants: Sequence[Variant], sheet: Sheet, wide: float, y: float) -> float:
    """Tokens, under them how many together make a key, and beside each the rows that it names."""
    block = variants[0].block
    colour = colour_of(block)
    longest, read = block.number("longest"), block.number("read")
    every = block.settings.get("lengths", range(2, longest + 1))
    kinds, lengths = len(every), [length for length in every if length <= MOST] or [min(every)]
    sheet.label(16, y + 12, "the last tokens", size=13)
    sheet.label(
        wide - 16,
        y + 12,
        (Span(f"{read:,}", 600, role=f"{colour}.text"), " rows"),
        size=13,
        anchor="end",
    )
    top, count = y + 22, lengths[-1] + 1
    right = 16 + count * (SIDE + APART) - APART
    for index in range(count):
        x = 16 + index * (SIDE + APART)
        new = index == count - 1
        fill, edge = ("ink", None) if new else ("paper", "muted" if index else "hairline")
        sheet.put(Box(x, top, SIDE, SIDE, radius=4, fill=fill, edge=edge, open=True))
    table = wide - 16 - 84
    for place, length in enumerate(lengths):
        line = top + SIDE + 26 + place * STEP
        left = right - length * (SIDE + APART) + APART
        sheet.rule(
            *(
                Point(*at)
                for at in ((left, line - 10), (left, line), (right, line), (right, line - 10))
            ),
            role=f"{colour}.text",
        )
        sheet.wire(Point(right, line), Point(table - 4, line))
        words = f"{length} together"
        if table - right > 96:
            sheet.label((right + table) / 2, line - 6, words, size=12, anchor="middle")
        _table(sheet, table, line - 15, ROWS[place], colour)
    low = top + SIDE + 26 + (len(lengths) - 1) * STEP + 22
    if not read % kinds:
        sheet.label(wide - 16, low + 12, f"{read // kinds:,} of each length", size=12, anchor="end")
        low += 16
    return low


def _table(sheet: Sheet, x: float, y: float, lit: tuple[int, int], colour: str) -> None:
    """A table's rows, of which few are read."""
    sheet.put(
        squares(x, y, [(0.0, row * 5.0, 84.0) for row in range(6)], f"{colour}.edge", side=4, gap=1)
    )
    sheet.put(
        squares(x, y, [(0.0, row * 5.0, 84.0) for row in lit], f"{colour}.solid", side=4, gap=1)
    )
