"""A recurrent state: what changes and reads it, and how much of it is kept however long the text is."""

from __future__ import annotations

from llm_gallery.analysis.units import binary
from llm_gallery.figure.blocks import Content, Node, Sheet, drum, label
from llm_gallery.figure.internals._lanes import counted, product, raised, rule, snug
from llm_gallery.figure.internals._squares import grid, squares
from llm_gallery.figure.internals._use import Use, part
from llm_gallery.figure.internals._words import activation
from llm_gallery.figure.text import Span, cut, width

WIDE, PANEL = 640, 214
"""Px from which there is a side panel, and px that it takes."""
BYTES = {"float32": 4, "bfloat16": 2, "float16": 2}


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


def mixing(use: Use, x: float, y: float, room: float) -> Node:
    """The convolution over the last tokens, through which every mixer with such a state reads."""
    taps, then = use.block.number("taps"), activation(str(use.block.value("activation")))
    sayings = (
        (f"convolution, {taps} taps", f"then {then}"),
        (f"convolution, {taps}", f"then {then}"),
        (f"convolution, {taps} taps", ""),
    )
    about = use.about(part(use.block, "conv"))
    return snug(x, y, sayings, "convolution", room, size=11, about=about)


def gating(use: Use, x: float, y: float, room: float) -> Node:
    """The function that makes a gate of z."""
    fact = "gate" if "gate" in use.block.facts else "activation"
    said = activation(str(use.block.value(fact)))
    about = use.facts("gate", fact)
    return snug(x, y, ((said, ""),), "linear", room, about=about, tight=True)


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
