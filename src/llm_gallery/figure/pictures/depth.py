"""Sums of earlier layers, of which a branch reads a weighted mix: attention over depth."""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.figure.kit.blocks import Sheet, Words, centred
from llm_gallery.figure.kit.shapes import Box, Line, Point
from llm_gallery.figure.kit.text import Span, width
from llm_gallery.mechanisms.loops import left_behind
from llm_gallery.plan.place import Variant

MOST = 9
"""Sums that are drawn at most."""
WEIGHTS = (1.5, 0.75, 1.0, 2.5, 0.75, 1.25, 4.0, 1.75, 5.0)
"""Px of lines: an illustration of weights, which each branch and token has its own of."""
FIRST = "embedding"
"""What the first sum is called."""
HIGH, RISE = 26.0, 44.0
"""Px of a sum's box, and from it to where all join."""


def depth(variants: Sequence[Variant], sheet: Sheet, wide: float, y: float) -> float:
    """What the last layer's branch reads: the embedding, a sum every so many layers, and what grew since."""
    every = variants[0].block.number("saved_every")
    layers = 1 + max(layer for variant in variants for layer in variant.layers)
    saved = -(-layers // every) - left_behind(variants[0].block)
    shown = min(saved + 1, MOST)
    pitch = (wide - 32 + 6) / shown
    box = Box(wide / 2 - 62, y + 2, 124, 32, fill="matrix", edge="stream", labelled=True)
    sheet.put(box, *centred(box, "ink", Words(4.5, "attention, MLP", 12.5, 600)))
    bus = box.bounds.bottom + 26
    top = bus + RISE
    sheet.wire(Point(wide / 2, bus), Point(wide / 2, box.bounds.bottom))
    sheet.label(wide / 2 + 12, bus - 8, "sum by weights", size=12)
    ends = [16 + pitch * i + (pitch - 6) / 2 for i in range(shown)]
    sheet.put(Line(points=(Point(ends[0], bus), Point(ends[-1], bus))))
    for index, x in enumerate(ends):
        last = index == shown - 1
        ground, edge = ("stream", None) if last else ("paper", "stream")
        heavy = WEIGHTS[index * len(WEIGHTS) // shown]
        sheet.put(Line(points=(Point(x, top), Point(x, bus)), thickness=heavy))
        cell = Box(
            x - (pitch - 6) / 2, top, pitch - 6, HIGH, radius=4, fill=ground, edge=edge, line=1.25
        )
        sheet.put(cell)
    low = top + HIGH + 18
    sheet.label(16, low, FIRST, size=13)
    sheet.label(wide - 16, low, "since then", size=13, role="ink", weight=600, anchor="end")
    many = (Span(f"{saved - 1:,}", 600, role="ink"), f" sums, one every {every:,} layers")
    room = wide - 32 - width(FIRST, 13) - width("since then", 13, 600) - 24
    beside = width(many, 13) <= room
    at = (16 + width(FIRST, 13) + wide - 16 - width("since then", 13, 600)) / 2
    sheet.label(
        at if beside else wide / 2, low + (0 if beside else 19), many, size=13, anchor="middle"
    )
    return low + (8 if beside else 30)
