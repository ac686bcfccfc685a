"""Queries and keys made of those of neighbouring tokens, convolution upon convolution."""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.architecture.block import Block
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Box, Mark
from llm_gallery.figure.kit.text import Span, width
from llm_gallery.mechanisms import colour_of
from llm_gallery.plan.place import Variant

TOKENS, SIDE, ROW = 10, 12.0, 26.0
"""Tokens of a row, px of a square, and from one row to the next."""
BESIDE = "key_convolution", "value_convolution", "query_convolution"
"""Roles of convolutions of which each has its own part; others follow one another."""


def taps(block: Block) -> list[int]:
    """How many tokens each convolution on the way reads, the first one first."""
    found = [part for part in block.inside if "taps" in part.facts]
    chain = [part.number("taps") for part in found if not {*BESIDE} & {*part.roles}]
    return chain or [max(part.number("taps") for part in found)]


def neighbours(variants: Sequence[Variant], sheet: Sheet, wide: float, y: float) -> float:
    """Rows of tokens from the bottom up, and the lines by which the last token's values come together."""
    block, colour = variants[0].block, colour_of(variants[0].block)
    steps = taps(block)
    pitch = (wide - 32 - SIDE) / (TOKENS - 1)
    what = str(block.value("convolved"))
    name = Span(what, 600, role=f"{colour}.text")
    said = (name, " that attention takes")
    sheet.label(16, y + 12, said if width(said, 13) <= wide - 32 else (name,), size=13)
    top = y + 22
    reached = 1
    for row in range(len(steps) + 1):
        level = top + row * ROW
        for token in range(TOKENS):
            used = token >= TOKENS - reached
            lit = f"{colour}.solid" if row == 0 else "convolution.solid"
            fill = lit if used else f"{colour}.30"
            sheet.put(Box(16 + token * pitch, level, SIDE, SIDE, radius=2, fill=fill, open=True))
        if row < len(steps):
            for above in range(TOKENS - reached, TOKENS):
                for back in range(min(steps[-1 - row], above + 1)):
                    x, across = 16 + above * pitch + SIDE / 2, -back * pitch
                    path = f"l{across:.1f} {ROW - SIDE - 3:g}"
                    sheet.put(
                        Mark(x, level + SIDE + 1.5, path, stroke="convolution.line", thickness=1.25)
                    )
            reached = min(TOKENS, reached + steps[-1 - row] - 1)
    low = top + len(steps) * ROW + SIDE
    words = (Span(f"{reached:,}", 600, role="convolution.text"), " tokens go in")
    sheet.label(wide - 16, low + 17, words, size=13, role="ink", anchor="end")
    return low + 26
