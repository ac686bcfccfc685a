"""The side panel that says what attention keeps of a token, beside what it would keep unshared: drums whose volume is their bytes."""

from __future__ import annotations

from math import cbrt

from llm_gallery.analysis.units import binary
from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals._board import MARGIN, Board
from llm_gallery.figure.internals._fitting import SMALL
from llm_gallery.figure.kit.signs import LEAST_DRUM, sized_drum
from llm_gallery.figure.kit.text import cut, fit, width
from llm_gallery.mechanisms.attention_sizes import value_dim

PANEL = 216.0
"""Px that the panel takes."""
HEIGHT = 286.0
BYTES = 2
"""Of a number in the cache, which has 16 bits."""
LARGEST, ON_WIRE = 96.0, 22.0
"""Px of the side of the largest drum in the panel, and of the largest beside a wire."""


def scale(block: Block) -> float:
    """Px of a drum's side for the cube root of one byte: one in an inset, by what the panel and what wires show of attention."""
    whole, on_wires = _cached(block)
    return min(LARGEST / cbrt(BYTES * whole), ON_WIRE / cbrt(BYTES * on_wires))


def _cached(block: Block) -> tuple[int, int]:
    """Numbers of a token that all heads' keys and values take, and the most that one wire keeps."""
    heads = block.number("heads")
    if "kv_rank" in block.facts:
        size = sum(block.number(name) for name in ("nope_dim", "rope_dim", "value_dim"))
        pairs = block.number("kv_heads") if "kv_heads" in block.facts else heads
        return pairs * size, max(block.number("kv_rank"), block.number("rope_dim"))
    key = block.number("head_dim")
    if "kv_heads" not in block.facts:  # key and value in one
        return heads * key, key
    value, pairs = value_dim(block), block.number("kv_heads")
    return heads * (key + value), pairs * max(key, value)


def side(numbers: int, scaled: float) -> float:
    """Px of the side of the drum of so many numbers."""
    return max(LEAST_DRUM, scaled * cbrt(BYTES * numbers))


def said(numbers: int) -> str:
    """The bytes of so many numbers, all digits as long as they are few."""
    kept = BYTES * numbers
    return f"{kept:,} B" if kept < 100_000 else binary(kept)


def savings(
    sheet: Board, high: float, *, kept: tuple[int, str], whole: int, otherwise: tuple[str, str]
) -> float:
    """Two drums to one scale with their bytes, and their ratio; gives back the height that is needed.

    `kept` is a count and what it is made of, `whole` the count without sharing, `otherwise` says of what.
    """
    high, right, colour = sheet.raised(high, HEIGHT), sheet.use.width, sheet.colour
    x, room, count = right - PANEL + 40, PANEL - 40 - MARGIN, kept[0]
    top = sheet.panel(x, high, "Kept for a token, in a layer", 22)
    apart = (room - 16) / (cbrt(BYTES * count) + cbrt(BYTES * whole))
    scaled = sheet.drums or min(LARGEST / cbrt(BYTES * max(count, whole)), apart)
    small, large = side(count, scaled), side(whole, scaled)
    low = top + 16 + max(small, large)
    sheet.put(sized_drum(x, low - small, small, f"{colour}.edge", f"{colour}.text"))
    if whole > count:
        sheet.put(sized_drum(x + room - large, low - large, large, None, "muted"))
    y = low + 26
    sheet.label(x, y, said(count), size=16, weight=600, role=f"{colour}.text")
    if whole >= 2 * count:
        ratio, role = f"{whole / count:,.0f} × less", f"{colour}.text"
        free = low - small - 14 >= top + 36
        found = fit((ratio,), room - large - 8, (25, 22, 20), 600) if free else None
        if found is not None:
            sheet.label(x, top + 40, ratio, size=found[1], weight=600, role=role)
        elif width(said(count), 16, 600) + 8 + width(ratio, 20, 600) <= room:
            sheet.label(x + room, y, ratio, size=20, weight=600, role=role, anchor="end")
    sheet.label(x, y + 16, cut(kept[1], room + 12, SMALL))
    sheet.label(x, y + 44, said(whole), size=16, weight=600, role="muted")
    for i, line in enumerate(otherwise):
        sheet.label(x, y + 60 + 15 * i, cut(line, room + 12, SMALL))
    return high
