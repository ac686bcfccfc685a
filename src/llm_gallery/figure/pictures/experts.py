"""A square an expert, lit those that run for one token."""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.figure.internals._experts import choice, groups
from llm_gallery.figure.internals._squares import BETWEEN, grid
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Box
from llm_gallery.figure.kit.style import SMALLEST_HATCHED
from llm_gallery.figure.kit.text import Span, width
from llm_gallery.mechanisms.moe import chosen
from llm_gallery.plan.place import Variant

FEW = 16
"""Experts up to which each is large."""
HIGH, HIGHER, BROAD = 120.0, 160.0, 480.0
"""Px down of all squares at most, and so many in a picture at least so broad."""
MANY = 16
"""Shared experts that are drawn at most; the number beside them says how many there are."""


def experts(variants: Sequence[Variant], sheet: Sheet, wide: float, y: float) -> float:
    """A square an expert, lit those that run for one token, and beside them what always runs."""
    block = max(variants, key=lambda variant: variant.count).block
    stored = block.number("experts")
    shared = block.number("shared")
    aside = 54.0 if shared else 0.0
    clusters, most = groups(block), HIGH if wide < BROAD else HIGHER
    largest = 58 if stored <= FEW else 26
    shown = grid(clusters, stored // clusters, wide - 32 - aside, most, largest)
    high = shown.size[1]
    x, middle = 16 + shown.size[0] / 2, y + 22 + high / 2
    words = (Span(chosen(block), 600, role="moe.text"), f" of {stored:,} run")
    sheet.label(16, y + 12, words, size=13, role="ink")
    tone = "moe.lit" if shown.side >= SMALLEST_HATCHED else "moe.text"
    sheet.put(*choice(block, shown, x, middle, tone))
    if shared:
        left = 16 + shown.size[0] + 22
        most = min(26.0, max(12.0, shown.side))
        always = grid(1, min(shared, MANY), aside - 22, high, most / (1 - BETWEEN))
        top, side = middle - always.size[1] / 2, always.side
        sheet.put(
            *(
                Box(left + dx, top + dy, side, side, radius=2, fill="moe.lit", open=True)
                for dx, dy in map(always.place, range(always.each))
            )
        )
        said, start = f"{shared:,} shared", max(left, 16 + width(words, 13) + 14)
        start = min(start, wide - 14 - width(said, 13))
        sheet.label(start, y + 12, said, size=13, role="ink")
    return y + 22 + high + 12
