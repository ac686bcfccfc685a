"""What stands beside a tower: the strip of all layers, and a lens from those that are drawn large."""

from __future__ import annotations

from collections.abc import Mapping

from llm_gallery.figure.kit.blocks import Sheet, Type
from llm_gallery.figure.kit.shapes import Box, Mark
from llm_gallery.figure.kit.svg import number
from llm_gallery.figure.kit.text import width
from llm_gallery.figure.tower.columns import Columns
from llm_gallery.figure.tower.formats import Format
from llm_gallery.figure.tower.rows import Tower


def lens(
    sheet: Sheet,
    fmt: Format,
    tower: Tower,
    at: Columns,
    spans: Mapping[int, tuple[float, float]],
    top: float,
    low: float,
) -> None:
    """From the layers that the braced frame stands for to that frame, and its brace."""
    depth = max(1, len(tower.strip))
    first, last = tower.shown
    if not tower.ordered or first == last:
        return
    a, b = (low - (low - top) * layer / depth for layer in (last, first))
    held = next((s for i, s in spans.items() if tower.storeys[i].frame == 1), (top, low))
    p, q = held[0] + fmt.title * 0.3, held[1] - fmt.title * 0.3
    x, left = at.track, at.left
    wide = left - x - 1
    path = f"l{number(wide)} {number(p - a)}v{number(q - p)}l{number(-wide)} {number(b - q)}z"
    sheet.put(Mark(x + 1, a, path, width=wide, fill="lens"))
    if (first, last) != (0, depth):
        tick = fmt.stroke * 1.4
        path = f"h{number(tick)}v{number(b - a)}h{number(-tick)}"
        sheet.put(Mark(x + 1, a, path, width=tick, stroke="ink", thickness=fmt.stroke * 0.8))
    if tower.repeats:
        r = fmt.title * 0.22
        half = (q - p) / 2 - 2 * r
        path = f"q{-r:.2f} 0 {-r:.2f} {r:.2f}v{half:.2f}q0 {r:.2f} {-r:.2f} {r:.2f}q{r:.2f} 0 {r:.2f} {r:.2f}v{half:.2f}q0 {r:.2f} {r:.2f} {r:.2f}"
        sheet.put(Mark(left - fmt.title * 0.2, p, path, stroke="ink", thickness=fmt.stroke * 1.2))
        sheet.label(
            left - fmt.title * 0.75,
            (p + q) / 2 + fmt.title * 0.36,
            f"{tower.repeats} ×",
            size=fmt.title,
            weight=600,
            role="ink",
            anchor="end",
        )


def strip(sheet: Sheet, fmt: Format, tower: Tower, at: Columns, top: float, low: float) -> None:
    """All layers, the first lowest: what mixes tokens, and the channel block."""
    depth = max(1, len(tower.strip))
    cell = (low - top) / depth
    gap = min(fmt.stroke * 1.4, cell * 0.22)
    x, whole = at.strip, at.track - at.strip
    mixing = whole - fmt.channel - 1.5
    for layer, told in enumerate(tower.strip):
        y, tall = low - (layer + 1) * cell + gap / 2, cell - gap
        wide = mixing if told.channels else whole
        if told.mixers and told.length < 1:
            sheet.put(Box(x, y, wide, tall, radius=0, fill=f"{told.mixers[0]}.pale", open=True))
        for i, colour in enumerate(told.mixers):
            share = wide * told.length / len(told.mixers)
            left = x + wide - wide * told.length + i * share
            sheet.put(Box(left, y, share, tall, radius=0, fill=f"{colour}.cell", open=True))
        if told.channels:
            left = x + mixing + 1.5 if told.mixers else x
            across = fmt.channel if told.mixers else whole
            fill = f"{told.channels}.cell"
            sheet.put(Box(left, y, across, tall, radius=0, fill=fill, open=True))
    size = max(fmt.small * 0.95, fmt.smallest)
    middle = max(x + whole / 2, x + width(f"{depth:,}", size, 600) / 2)
    number = Type(size=size, anchor="middle")
    last = number | Type(weight=600, role="ink")
    sheet.label(middle, top - fmt.small * 0.45, f"{depth:,}", **last)
    sheet.label(x + whole / 2, low + fmt.small * 1.1, "1", **number)
