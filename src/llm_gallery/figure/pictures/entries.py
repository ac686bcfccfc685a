"""Entries over the tokens that they stand for, and which of them a query reads."""

from __future__ import annotations

from typing import NamedTuple

from llm_gallery.architecture.block import Block
from llm_gallery.figure.kit.blocks import Sheet, pill
from llm_gallery.figure.kit.shapes import Box, Mark, Point
from llm_gallery.figure.kit.text import width
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.plan.block_names import layers

SIDE, TICK, FINE = 10.0, 12.0, 3.4
"""Px of an entry's edge, of a token's height, and from token to token at least."""


def entries(block: Block, count: int, sheet: Sheet, wide: float, y: float) -> float:
    """Entries over the tokens that they stand for, and which of them a query reads."""
    colour, ratio = colour_of(block), block.number("ratio")
    chooses, where = "selected" in block.facts, layers(count)
    text = f"{colour}.text"
    size = sheet.label(16, y + 27, f"{ratio:,} : 1", size=30, weight=600, role=text, tabular=True)
    name = (
        "compressed and sparse" if chooses else "heavily compressed" if ratio > 16 else "compressed"
    )
    beside = size.bounds.right + 14
    name = name if beside + width(name, 12, 600) + 14 <= wide else name.split()[-1]
    sizes = 13.5, 13.0, 12.5, 12.0
    sheet.fitted(beside, y + 12, name, wide - 14 - beside, sizes, weight=600, role="ink")
    sheet.label(beside, y + 28, where, size=12.5)
    window = block.number("window") if "window" in block.facts else 0
    right = wide - 96.0 if window else wide - 20.0
    count = 14 if chooses else 5
    lit = (2, 5, 6, 10) if chooses else tuple(range(count))
    row = _Row(colour, 16.0, (right - 16) / count, y + 98, y + 130)
    said = (
        "all entries are read" if not chooses else f"the best {block.number('selected'):,} are read"
    )
    sheet.label(16, y + 54, said, size=13)
    query = sheet.add(pill(wide - 46, y + 62, "query", colour, wide=60, high=24, size=13))
    for index in range(count):
        row.entry(sheet, index, query.left.y if index in lit else None)
    first = row.middle(lit[0])
    sheet.wire(Point(first, query.left.y), query.left, arrow=False, role=f"{colour}.line")
    sheet.put(_ticks(16, row.tokens, right - 16, f"{colour}.edge", row.pitch / ratio))
    each = f"{ratio:,} {'token' if ratio == 1 else 'tokens'} each"
    sheet.label(16, row.tokens + 28, each, size=13)
    if window:
        start = right + 14
        sheet.put(_ticks(start, row.tokens, wide - 16 - start, f"{colour}.solid"))
        sheet.label(wide - 16, row.tokens + 28, f"the last {window:,}", size=13, anchor="end")
        low = row.tokens - 4
        brace = (
            Point(start, low), Point(start, low - 6), Point(wide - 16, low - 6), Point(wide - 16, low),
        )  # fmt: skip
        sheet.rule(*brace, role=f"{colour}.line")
        down = Point(query.bottom.x, low - 6)
        sheet.wire(query.bottom, down, arrow=False, role=f"{colour}.line")
    return row.tokens + 42


class _Row(NamedTuple):
    """Entries over the tokens that they stand for."""

    colour: Colour
    left: float
    pitch: float
    entries: float  # upper edge
    tokens: float

    def middle(self, index: int) -> float:
        """Where an entry stands."""
        return self.left + self.pitch * (index + 0.5)

    def entry(self, sheet: Sheet, index: int, read_at: float | None) -> None:
        """One entry; what is read hangs on a line from so high, and shows what it was made of."""
        x, side, colour = self.middle(index), SIDE, self.colour
        read = read_at is not None
        fill, edge = (f"{colour}.solid", None) if read else ("paper", f"{colour}.edge")
        if read_at is not None:
            ends = Point(x, read_at), Point(x, self.entries)
            sheet.wire(*ends, arrow=False, role=f"{colour}.line")
            half = self.pitch / 2 - 1
            high = self.tokens - self.entries - side
            cone = f"h{side:g}l{half - side / 2:.1f} {high:g}h{-2 * half:.1f}z"
            start = x - side / 2, self.entries + side
            sheet.put(Mark(*start, cone, width=side, height=high, fill=f"{colour}.pale"))
        box = Box(
            x - side / 2, self.entries, side, side, radius=1.5, fill=fill, edge=edge, open=True
        )
        sheet.put(box)


def _ticks(x: float, y: float, wide: float, role: str, pitch: float = FINE) -> Mark:
    """Tokens side by side, so many under an entry as it stands for; where they are too many, none can be counted."""
    on = 0.65 * max(pitch, FINE)
    dash, line = f"{on:.4g} {max(pitch, FINE) - on:.4g}", f"h{wide:.1f}"
    return Mark(x, y + TICK / 2, line, width=wide, stroke=role, thickness=TICK, dash=dash)
