"""Query heads over the keys and values that they share."""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Mark, Point
from llm_gallery.figure.kit.signs import drum, squares
from llm_gallery.figure.kit.text import Span
from llm_gallery.figure.pictures.panel import fitting
from llm_gallery.mechanisms import colour_of
from llm_gallery.plan.place import Variant

MOST_CLUSTERS = 8


def heads(variants: Sequence[Variant], sheet: Sheet, wide: float, y: float) -> float:
    """Query heads over the keys and values that they share."""
    block, colour = variants[0].block, colour_of(variants[0].block)
    asking, kept = block.number("heads"), block.number("kv_heads")
    each = max(1, asking // kept)
    shown = min(kept, MOST_CLUSTERS if each > 1 else 16)
    room = (wide - 32) / shown
    across = each if each <= 8 else -(-each // -(-each // 8))
    pitch = min(11.0, (room - 4) / max(across, 2))
    rows = -(-each // across)
    text = f"{colour}.text"
    many = ("",) if shown == kept else (f", {shown} of {kept:,} groups shown", f", {shown} shown")
    asks = Span(f"{asking:,}", 600, role=text)
    words = fitting(wide - 32, 13, *((asks, f" query heads{some}") for some in many))
    sheet.label(16, y + 12, words, size=13)
    top = y + 22
    low = top + rows * pitch + 26
    asked, keys, values = [], [], []
    for group in range(shown):
        left = 16 + group * room
        middle = left + room / 2 - 2
        for index in range(each):
            row, column = divmod(index, across)
            count = min(across, each - row * across)
            x = middle - count * pitch / 2 + column * pitch
            asked.append((x - 16, row * pitch, pitch * 0.82))
            if row == rows - 1 and each > 1:
                start = Point(x + pitch * 0.41, top + rows * pitch + 1)
                sheet.put(_strand(start, Point(middle, low - 2), text))
        keys.append((middle - pitch - 16, 0.0, pitch * 0.82))
        values.append((middle + pitch * 0.1 - 16, 0.0, pitch * 0.82))
        if each == 1:
            sheet.put(_strand(Point(middle, top + pitch), Point(middle, low - 2), text))
    side, gap = pitch * 0.82, pitch * 0.18
    sheet.put(
        squares(16, top, asked, f"{colour}.solid", side=side, gap=gap),
        squares(16, low, keys, f"{colour}.solid", side=side, gap=gap),
        squares(16, low, values, f"{colour}.edge", side=side, gap=gap),
    )
    unkept = "bidirectional" in block.facts
    words = (
        Span(f"{kept:,}", 600, role=text),
        f" key and value {'head' if kept == 1 else 'heads'}, {'not kept' if unkept else 'kept'}",
    )
    line = sheet.label(16, low + pitch + 17, words, size=13)
    if not unkept:
        sheet.put(drum(line.bounds.right + 8, low + pitch + 7.5, f"{colour}.tint", text))
    return low + pitch + 30


def _strand(start: Point, end: Point, role: str) -> Mark:
    """A curve from a query to its key."""
    dx, dy = end.x - start.x, end.y - start.y
    path = f"c0 {dy / 2:.1f} {dx:.1f} {dy / 2:.1f} {dx:.1f} {dy:.1f}"
    return Mark(start.x, start.y, path, stroke=role, thickness=1)
