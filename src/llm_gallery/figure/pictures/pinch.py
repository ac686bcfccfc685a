"""A width pinched to what is kept, and widened to all heads again."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Box, Mark
from llm_gallery.figure.kit.signs import drum
from llm_gallery.figure.kit.text import Span, width
from llm_gallery.figure.pictures.panel import fitting
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.latent_attention import key_heads
from llm_gallery.plan.place import Variant


def pinch(variants: Sequence[Variant], sheet: Sheet, wide: float, y: float) -> float:
    """The stream's width pinched to what is kept, and widened to all heads again."""
    block, colour = variants[0].block, colour_of(variants[0].block)
    latent, heads = block.number("kv_rank"), key_heads(block)
    rotated = block.number("rope_dim")
    each = block.number("nope_dim") + block.number("value_dim")
    rebuilt = heads * each
    down = block.part("latent_down")
    stream = down.number("inputs") if down is not None and "inputs" in down.facts else 0
    largest = max(stream, rebuilt, latent + rotated, 1)
    scale = (wide - 32) / sqrt(largest)
    text = f"{colour}.text"

    def bar(count: int, top: float, role: str, high: float = 14) -> tuple[float, float]:
        long = max(4.0, sqrt(count) * scale)
        left = wide / 2 - long / 2
        sheet.put(Box(left, top, long, high, radius=2, fill=role, open=True))
        return left, left + long

    if stream:
        sheet.label(
            16, y + 12, (Span(f"{stream:,}", 600, role="ink"), " numbers of a token"), size=13
        )
        a = bar(stream, y + 20, "stream")
        top = y + 34
    else:
        a, top = (wide / 2, wide / 2), y
    kept = top + 30
    b = bar(latent + rotated, kept, f"{colour}.solid")
    funnel(sheet, a, b, top, kept, colour)
    both = f"{latent:,} + {rotated:,}" if rotated else f"{latent:,}"
    bold = Span(both, 600, role=text)
    words = fitting(wide - b[1] - 32, 13, (bold, " kept"), bold)
    aside = b[1] + 32 + width(words, 13) < wide
    x, base = (b[1] + 26, kept + 12) if aside else (32.0, kept + 29)
    wide_again = base + 32
    c = bar(rebuilt, wide_again, f"{colour}.edge")
    funnel(sheet, b, c, kept + 14, wide_again, colour)
    mark = sheet.label(x, base, words, size=13)  # on the funnel, where what is kept is wide
    sheet.put(drum(mark.x - 16, base - 10, f"{colour}.tint", text))
    bold = Span(f"{heads:,}", 600, role="ink")
    of_them = "head" if heads == 1 else "heads"
    long = bold, f" {of_them} with a key and a value of {each:,} together"
    short = bold, f" {of_them}, {each:,} numbers{' each' * (heads > 1)}"
    sheet.label(16, wide_again + 31, fitting(wide - 32, 13, long, short), size=13)
    return wide_again + 42


def funnel(
    sheet: Sheet,
    above: tuple[float, float],
    below: tuple[float, float],
    top: float,
    low: float,
    colour: Colour,
) -> None:
    """What joins two bars."""
    left, right = above
    path = f"h{right - left:.1f}l{below[1] - right:.1f} {low - top:.1f}h{below[0] - below[1]:.1f}z"
    sheet.put(Mark(left, top, path, width=right - left, height=low - top, fill=f"{colour}.30"))
