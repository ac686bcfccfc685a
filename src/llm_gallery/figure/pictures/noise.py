"""Heads less the noise that others of them find, as weights over tokens."""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Box
from llm_gallery.figure.kit.signs import operation
from llm_gallery.figure.kit.text import Span, fitting
from llm_gallery.mechanisms import colour_of
from llm_gallery.plan.place import Variant

NOISE = (7, 12, 9, 5, 13, 8, 11, 6, 10, 12, 7, 9)
FOUND = (0, 0, 22, 0, 0, 0, 0, 30, 0, 0, 0, 0)
"""Px of weights on tokens, of noise and of what is looked for: an illustration."""
SIGN = 30.0
"""Px of a sign between two charts."""
NARROW = 260.0
"""Px below which words are short."""


def noise(variants: Sequence[Variant], sheet: Sheet, wide: float, y: float) -> float:
    """The weights that heads give, less those of the noise heads: what is looked for stands out."""
    block, colour = variants[0].block, colour_of(variants[0].block)
    apart = block.number("noise_heads")
    low, each = y + 56, (wide - 32 - 2 * SIGN) / 3
    both = [a + b for a, b in zip(NOISE, FOUND, strict=True)]
    charts = (
        (both, "lit", f"{block.number('heads') - apart:,}", " heads"),
        (list(NOISE), "edge", f"{apart:,}", " noise heads" if wide >= NARROW else " noise"),
        (list(FOUND), "lit", "", "what is left" if wide >= NARROW else "rest"),
    )
    for index, (highs, tone, count, words) in enumerate(charts):
        x = 16 + index * (each + SIGN)
        pitch = each / len(highs)
        for place, high in enumerate(highs):
            bar = Box(
                x + place * pitch,
                low - max(1, high),
                pitch * 0.78,
                max(1, high),
                radius=1,
                fill=f"{colour}.{tone}",
                open=True,
            )
            sheet.put(bar)
        bold = Span(count, 600, role=f"{colour}.text")
        size = fitting(f"{count}{words}", each + SIGN - 8, (13, 12.5, 12, 11.5))
        sheet.label(x, low + 20, (bold, words) if count else words, size=size, role="ink")
        if index < 2:
            sign = "−" if index == 0 else "="
            at = x + each + SIGN / 2
            if sign == "−":
                sheet.add(operation(at, low - 20, sign, ground=f"{colour}.tint"))
            else:
                sheet.label(at, low - 15, sign, size=16, weight=600, role="ink", anchor="middle")
    return low + 30
