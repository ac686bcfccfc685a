"""A recurrent state: what changes and reads it, and how much of it is kept however long the text is."""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.analysis.units import binary
from llm_gallery.figure.internals._lanes import (
    GAP,
    Lanes,
    arrow,
    counted,
    product,
    raised,
    rule,
)
from llm_gallery.figure.internals._squares import grid, squares
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit.blocks import Node, Sheet, hero, label, matrix
from llm_gallery.figure.kit.shapes import About, Point
from llm_gallery.figure.kit.signs import drum, operation
from llm_gallery.figure.kit.text import Content, Span, cut, width
from llm_gallery.mechanisms.colour import Colour

WIDE, PANEL = 640, 214
"""Px from which there is a side panel, and px that it takes."""
BYTES = {"float32": 4, "bfloat16": 2, "float16": 2}


def over(
    streams: Lanes, first: str, last: str, about: About, *, through: Sequence[str] = ()
) -> Node:
    """The full block over some streams, which all run into it, or only those named."""
    names = list(streams.at)
    held = names[names.index(first) : names.index(last) + 1]
    top = min(tip.y for tip in streams.tips.values())
    x, wide = streams.middle(first, last), streams.span(first, last)
    node = hero(x, top - 18 - 27, "", "linear", wide=wide, high=54, about=about)
    streams.into(streams.sheet.add(node), *(through or held))
    return node


def aside(sheet: Sheet, node: Node, said: Content) -> None:
    """What else the block says, at its upper right."""
    box, inside = node.box, node.box.bounds
    x, y = box.x + box.width - 12, box.y + 21.5
    sheet.put(label(x, y, said, size=11, role="linear.on", anchor="end", inside=inside))


def gated(streams: Lanes, last: Node, lane: str, gate: Node, colour: Colour = "linear") -> Node:
    """What was read times a gate, channel by channel."""
    sheet = streams.sheet
    times = sheet.add(operation(last.top.x, last.top.y - 20, "×", ground=f"{colour}.tint"))
    sheet.wire(last.top, times.bottom)
    through = streams.rise(lane, gate)
    sheet.wire(through.top, Point(through.top.x, times.right.y), times.right)
    return times


def back(streams: Lanes, use: Use, last: Node, inner: int) -> Node:
    """The matrix that brings what was read back to the stream."""
    out = use.block.part("output")
    shape = arrow(inner, 0 if out is None else out.number("outputs"))
    x, y = last.top.x, last.top.y - GAP - 13
    node = streams.sheet.add(matrix(x, y, "out", shape, "linear", about=use.about(out)))
    streams.sheet.wire(last.top, node.bottom)
    return node


def formulas(
    sheet: Sheet, node: Node, lines: tuple[Content, Content], sizes: tuple[int, int, int]
) -> None:
    """Update and reading, one above the other; at the lower right the drum and the states' sizes."""
    box, inside = node.box, node.box.bounds
    for line, y in zip(lines, (22.0, 43.0), strict=True):
        sheet.put(label(box.x + 14, box.y + y, line, size=14, role="linear.on", inside=inside))
    count, rows, columns = sizes
    right, room = box.x + box.width - 12, box.width - 54 - width(lines[1], 14)
    forms: tuple[Content, ...] = (
        (Span(f"{count:,}", 600), " states of ", Span(product(rows, columns), 600)),
        (Span(f"{count:,}", 600), " states"),
        "",
    )
    kept = next(form for form in forms if width(form, 11) <= room)
    sheet.put(
        label(right, box.y + 42.5, kept, size=11, role="linear.on", anchor="end", inside=inside),
        drum(right - width(kept, 11) - 16, box.y + 33.5, "linear.solid", "linear.on"),
    )


def keeping(
    sheet: Sheet, right: float, high: float, sizes: tuple[int, int, int], dtype: str
) -> float:
    """The side panel: a square a state, and what all of them take; gives back the height it needs."""
    count, rows, columns = sizes
    high = raised(sheet, high, 250.0)
    x, room = right - PANEL + 34, PANEL - 50.0
    top = 20 - high
    sheet.put(rule(x - 20, high, "linear"))
    sheet.label(x, top, "What it keeps", size=12, weight=600, role="linear.text")
    sheet.label(x, top + 20, "In each layer, at any length")
    held = grid(1, count, room, 90, 12)
    y, said = top + 34 + held.size[1] + 18, f"{count:,} states, {product(rows, columns)}"
    if held.countable:
        middle = (x + held.size[0] / 2, top + 34 + held.size[1] / 2)
        sheet.put(squares(held, *middle, "linear.solid"))
        said = f"a square a state, {product(rows, columns)}"
    sheet.label(x, y, cut(said, room + 12, 11.5))
    numbers = count * rows * columns
    sheet.label(x, y + 44, counted(numbers, room, 20), size=20, weight=600, role="linear.text")
    taken = f"numbers, {binary(numbers * BYTES.get(dtype, 4))} in {dtype}"
    sheet.label(x, y + 61, cut(taken, room + 12, 11.5))
    return high
