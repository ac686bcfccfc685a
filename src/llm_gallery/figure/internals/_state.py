"""A recurrent state: what changes and reads it, and how much of it is kept however long the text is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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


def over(streams: Lanes, names: Sequence[str], about: About) -> Node:
    """The full block over some streams, which all run into it."""
    top = min(tip.y for tip in streams.tips.values())
    x, wide = streams.middle(*names), streams.span(*names)
    node = hero(x, top - 18 - 27, "", "linear", wide=wide, high=54, about=about)
    streams.into(streams.sheet.add(node), *names)
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


@dataclass(frozen=True, slots=True)
class States:
    """How many states a block keeps, and the rows, columns and dtype of each; None where it is one by nature."""

    count: int | None
    rows: int
    columns: int
    dtype: str

    @property
    def size(self) -> str:
        """A state's."""
        return product(self.rows, self.columns)

    @property
    def numbers(self) -> int:
        """Of all states."""
        return (1 if self.count is None else self.count) * self.rows * self.columns

    @property
    def taken(self) -> str:
        """Their bytes."""
        return binary(self.numbers * BYTES.get(self.dtype, 4))


def formulas(sheet: Sheet, node: Node, lines: tuple[Content, Content], states: States) -> None:
    """Update and reading, one above the other; at the lower right the drum and the states' sizes."""
    box, inside = node.box, node.box.bounds
    for line, y in zip(lines, (22.0, 43.0), strict=True):
        sheet.put(label(box.x + 14, box.y + y, line, size=14, role="linear.on", inside=inside))
    right, room = box.x + box.width - 12, box.width - 54 - width(lines[1], 14)
    size = Span(states.size, 600)
    forms: list[Content] = [(size, f" numbers, {states.taken}"), ""]
    if states.count is not None:
        count = Span(f"{states.count:,}", 600)
        forms = [(count, " states of ", size), (count, " states"), ""]
    kept = next(form for form in forms if width(form, 11) <= room)
    sheet.put(
        label(right, box.y + 42.5, kept, size=11, role="linear.on", anchor="end", inside=inside),
        drum(right - width(kept, 11) - 16, box.y + 33.5, "linear.solid", "linear.on"),
    )


def keeping(sheet: Sheet, right: float, high: float, states: States) -> float:
    """The side panel: a square a state, and what all of them take; gives back the height it needs."""
    count = states.count or 0
    high = raised(sheet, high, 250.0)
    x, room = right - PANEL + 34, PANEL - 50.0
    top = 20 - high
    sheet.put(rule(x - 20, high, "linear"))
    sheet.label(x, top, "What it keeps", size=12, weight=600, role="linear.text")
    sheet.label(x, top + 20, "In each layer, at any length")
    shown = grid(1, count, room, 90, 12)
    y, said = top + 34 + shown.size[1] + 18, f"{count:,} states, {states.size}"
    if shown.countable:
        middle = (x + shown.size[0] / 2, top + 34 + shown.size[1] / 2)
        sheet.put(squares(shown, *middle, "linear.solid"))
        said = f"a square a state, {states.size}"
    sheet.label(x, y, cut(said, room + 12, 11.5))
    numbers = counted(states.numbers, room, 20)
    sheet.label(x, y + 44, numbers, size=20, weight=600, role="linear.text")
    taken = f"numbers, {states.taken} in {states.dtype}"
    sheet.label(x, y + 61, cut(taken, room + 12, 11.5))
    return high
