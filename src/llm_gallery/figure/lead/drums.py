"""Two drums by the volume of what they hold: what the model keeps as it is built, and without what saves it.

What is computed is a square each, by its area.
"""

from __future__ import annotations

from collections import Counter
from math import sqrt
from typing import NamedTuple

from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.units import binary
from llm_gallery.architecture.block import Architecture, layers, mixers
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Box, Mark, Shape
from llm_gallery.figure.kit.signs import drum_side
from llm_gallery.figure.kit.text import width
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.colour import Tone
from llm_gallery.novelty.saving import Saving, caption, context


class Row(NamedTuple):
    """How two drums stand in a row: px of the larger one, of gaps, of words over the foot, and their smaller type."""

    largest: float
    gap: float
    number: float
    words: float
    size: float
    apart: float


BROAD, CLOSE = Row(52.0, 10, 20, 3, 12, 26), Row(66.0, 9, 22, 4, 12.5, 22)


STACKED = 40.0
"""Px of the larger one under the other."""


def _two(saved: Saving, colour: Tone) -> tuple[tuple[int, str, str, str], ...]:
    """What the drums hold, how they are called, and their tones."""
    return (
        (saved.built, "as built", f"{colour}.text", f"{colour}.pale"),
        (saved.whole, saved.words, "muted", "paper"),
    )


def _in_a_row(sheet: Sheet, saved: Saving, colour: Tone, x: float, low: float, row: Row) -> float:
    """Both drums by the volume of what they hold, with their numbers; gives back where another thing may begin."""
    for count, said, role, ground in _two(saved, colour):
        side = _side(saved, count, row.largest)
        sheet.put(_held(saved, x, low, side, ground, role))
        left, number = x + side + row.gap, saved.form(count)
        name = sheet.label(left, low - row.number, number, size=17, weight=600, role=role)
        under = sheet.label(left, low - row.words, said, size=row.size)
        x = max(name.bounds.right, under.bounds.right) + row.apart
    return x


def _broad(sheet: Sheet, saved: Saving, colour: Tone, x: float, low: float) -> float:
    """Two drums behind their caption; gives back where another thing may begin."""
    y = low - BROAD.largest / 2
    sheet.label(x, y - 2, saved.caption, size=13, weight=600, role="ink")
    sheet.label(x, y + 15, saved.under, size=12)
    at = x + max(width(saved.caption, 13, 600), width(saved.under, 12)) + 28
    return _in_a_row(sheet, saved, colour, at, low, BROAD)


def drums(sheet: Sheet, saved: Saving, colour: Tone, x: float, y: float, room: float) -> None:
    """Two drums from y down, and the share that is left."""
    low = y + BROAD.largest
    at = _broad(sheet, saved, colour, x, low)
    if at + width(saved.times, 17, 600) + 20 < x + room:
        role = f"{colour}.text"
        sheet.label(x + room, low - 20, saved.times, size=17, weight=600, role=role, anchor="end")
        sheet.label(x + room, low - 3, saved.less, size=12, anchor="end")


def drums_wide(saved: Saving) -> float:
    """Px that the row takes without its share."""
    return _broad(Sheet(), saved, "full", 0, 0)


def pair(sheet: Sheet, saved: Saving, colour: Tone, x: float, y: float) -> float:
    """The same two drums over their caption, for a narrow place: it ends at y + 92; gives back the right edge."""
    at = _in_a_row(sheet, saved, colour, x, y + 74, CLOSE)
    caption = sheet.label(x, y + 91, f"{saved.caption}, {saved.under}", size=12)
    return max(at, caption.bounds.right + CLOSE.apart)


def stacked(sheet: Sheet, saved: Saving, colour: Tone, x: float, y: float) -> float:
    """The same two under one another, for a place that is narrower still: they end at y + 82; gives back the right edge."""
    right = x
    for count, said, role, ground in _two(saved, colour):
        side = _side(saved, count, STACKED)
        sheet.put(_held(saved, x + 18 - side / 2, y + 19 + side / 2, side, ground, role))
        name = sheet.label(x + 48, y + 25, saved.form(count), size=17, weight=600, role=role)
        under = sheet.label(name.bounds.right + 8, y + 25, said, size=12.5)
        right, y = max(right, under.bounds.right), y + 42
    return right


def stacked_wide(saved: Saving) -> float:
    """Px that they take so."""
    return stacked(Sheet(), saved, "full", 0, 0)


def compared(sheet: Sheet, saved: Saving, colour: Tone, x: float, y: float, room: float) -> None:
    """The two side by side where there is room, else under one another; they end at y + 93."""
    if pair(Sheet(), saved, colour, 0, 0) - CLOSE.apart > room:
        sheet.label(x, y + 6, saved.caption, size=13, weight=600, role="ink")
        stacked(sheet, saved, colour, x, y + 11)
    else:  # over its own caption
        pair(sheet, saved, colour, x, y)


def _side(saved: Saving, count: int, largest: float) -> float:
    """Px of the side of a drum by its volume, or of a square by its area."""
    if saved.stored:
        return drum_side(count, saved.whole, largest)
    return largest * sqrt(count / saved.whole)


def _held(saved: Saving, x: float, low: float, side: float, ground: str, role: str) -> Shape:
    """A drum of what is stored, a square of what is computed."""
    if saved.stored:
        return vessel(x, low, side, ground, role)
    return Box(x, low - side, side, side, radius=2, fill=ground, edge=role, line=1.25, open=True)


def vessel(x: float, low: float, side: float, ground: str, role: str) -> Mark:
    """A drum so wide and so high, its foot at `low`."""
    half, bend = side / 2, min(6.0, side / 6)
    rings = max(1, min(4, int(side / 12)))
    high = side - 2 * bend
    body = f"m0 {bend:.2f}a{half:.2f} {bend:.2f} 0 0 1 {side:.2f} 0v{high:.2f}a{half:.2f} {bend:.2f} 0 0 1 {-side:.2f} 0z"
    path, before = body, bend
    for index in range(rings):
        at = bend + high * index / rings
        path += f"m0 {at - before:.2f}a{half:.2f} {bend:.2f} 0 0 0 {side:.2f} 0m{-side:.2f} 0"
        before = at
    return Mark(
        x, low - side, path, width=side, height=side, fill=ground, stroke=role, thickness=1.25
    )


def put(
    sheet: Sheet,
    architecture: Architecture,
    x: float,
    y: float,
    room: float,
    saved: Saving | None = None,
) -> float:
    """What the leading mechanism saves, from y down; where it saves nothing of the cache, how much is kept.

    Gives back where it ends. It is what wider figures show, too.
    """
    root = architecture.root
    if saved is not None:
        tones = Counter(colour_of(mixer) for layer in layers(root) for mixer in mixers(layer))
        most = tones.most_common(1)
        compared(sheet, saved, most[0][0] if most else "full", x, y, room)
        y += 100
        if saved.form is binary:
            return y
    length, kept = context(root), cache(root)
    if not (built := kept.at(length)):
        return y
    said = caption(length) if kept.bytes_per_token else "Kept at any length"
    sheet.label(x, y + 14, said, size=15, weight=600, role="ink")
    sheet.label(x, y + 50, binary(built), size=22, weight=600, role="ink")
    sheet.label(x, y + 68, "in all layers together", size=13)
    return y + 76
