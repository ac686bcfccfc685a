"""A recurrent state: what changes and reads it, and how much of it is kept however long the text is."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Self

from llm_gallery.analysis.units import binary
from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals._board import Board
from llm_gallery.figure.internals._fitting import SMALL, counted, product
from llm_gallery.figure.internals._lanes import Lanes
from llm_gallery.figure.internals._squares import grid, squares
from llm_gallery.figure.kit.blocks import Node, label
from llm_gallery.figure.kit.signs import CHIP, chip, drum
from llm_gallery.figure.kit.text import Content, Span, cut, fitting, formula, spans, width, wrap
from llm_gallery.mechanisms.lane_drawing import State
from llm_gallery.mechanisms.scalars import divisor
from llm_gallery.mechanisms.state import state_bytes
from llm_gallery.mechanisms.wording import words_for

PANEL = 214
"""Px that the side panel takes."""


@dataclass(frozen=True, slots=True)
class States:
    """How many states a block keeps, and the sizes, dtype and bytes of each; None where it is one by nature."""

    count: int | None
    size: str
    axes: str
    numbers: int
    dtype: str
    taken: str

    @classmethod
    def of(cls, block: Block, state: State) -> Self:
        """Those of a block. Raises Refusal for a dtype that isn't known."""
        count = block.number(state.states) if state.states else None
        sizes = [sum(map(block.number, facts.split())) for facts in state.sizes]
        numbers = prod(sizes) * (1 if count is None else count)
        taken = binary(state_bytes(block, numbers))
        size, axes = product(*sizes), " × ".join(state.axes)
        return cls(count, size, axes, numbers, str(block.value("state_dtype")), taken)

    def forms(self) -> list[Content]:
        """How much it is, in more words and in fewer."""
        size = Span(self.size, 600)
        if self.count is None:
            return [(size, f" numbers, {self.taken}"), ""]
        count = Span(f"{self.count:,}", 600)
        states = "state" if self.count == 1 else "states"
        return [(count, f" {states} of ", size), (count, f" {states}"), ""]


def state_block(streams: Lanes, state: State) -> Node:
    """The full block over the lanes that run into it: update over reading, and the drum with what is kept."""
    use, block, colour = streams.use, streams.use.block, streams.colour
    names = [name for name in state.across.split() if name in streams.at]
    role = f"{colour}.on"
    kept = formula(words_for(state.kept, block))
    high, gap, size = (76, 20, 13.5) if kept else (54, 18, 14)
    reading = words_for(state.reading, block)
    if use.full and (divided := divisor(block)) is not None:
        at = streams.above("q", high=CHIP)
        answer = use.facts(divided.source, *divided.facts)
        streams.rise("q", chip(streams.at["q"], at, divided.written, about=answer))
        reading = reading.replace(f" / {divided.written.removeprefix('÷ ')}", "")
    about = use.facts(state.name, *state.facts)
    node = streams.over(names, high=high, gap=gap, about=about)
    box, inside = node.box, node.box.bounds
    lines = formula(state.update), formula(reading)
    for line, y in zip(lines, (22.0, 43.0), strict=True):
        size = fitting(line, box.width - 24, (size, 13.0, 12.5, 12.0, 11.5, 11.0))
        words = label(box.x + 14, box.y + y, line, size=size, role=role, inside=inside)
        streams.sheet.put(words)
    right, y = box.x + box.width - 12, box.y + (66 if kept else 42.5)
    if not kept:
        room = box.width - 54 - width(lines[1], size)
        kept = next(f for f in States.of(block, state).forms() if width(f, SMALL) <= room)
    streams.sheet.put(
        label(right, y, kept, size=SMALL, role=role, anchor="end", inside=inside),
        drum(right - width(kept, SMALL) - 16, y - 9, f"{colour}.solid", role),
    )
    remark = formula(words_for(state.remark, block))
    if remark and width(remark, SMALL) + width(lines[0], size) + 40 <= box.width:
        y = box.y + 21.5
        words = label(right, y, remark, size=SMALL, role=role, anchor="end", inside=inside)
        streams.sheet.put(words)
    return node


def kept_panel(sheet: Board, high: float, states: States, also: str = "") -> float:
    """The side panel: a square a state, what all of them take, and what is kept beside; gives back the height it needs.

    Where there is one by nature, there are no squares, and what the drawing's symbols are has room under it.
    """
    high = sheet.raised(high, 266.0)
    x, room = sheet.use.width - PANEL + 34, PANEL - 50.0
    top = sheet.panel(x, high, "What it keeps", 20)
    sheet.label(x, top + 20, "In each layer, at any length")
    y, meaning = top + 52, states.size
    if states.count is not None:
        shown = grid(1, states.count, room, 90, 12)
        y, meaning = y + shown.size[1], f"{states.count:,} states, {states.size}"
        if shown.countable:
            middle = (x + shown.size[0] / 2, top + 34 + shown.size[1] / 2)
            sheet.put(squares(shown, *middle, f"{sheet.colour}.solid"))
            meaning = f"a square a state, {states.size}"
    together = f"{meaning} ({states.axes})"
    parted = (cut(meaning, room + 12, SMALL), cut(f"by {states.axes}", room + 12, SMALL))
    y = sheet.lines(x, y, (together,) if width(together, SMALL) <= room + 12 else parted, 16) - 16
    numbers = counted(states.numbers, room, 20)
    sheet.label(x, y + 44, numbers, size=20, weight=600, role=f"{sheet.colour}.text")
    taken = f"numbers, {states.taken} in {states.dtype}"
    sheet.label(x, y + 61, cut(taken, room + 12, SMALL))
    y = sheet.lines(x, y + 84, wrap(also, room, SMALL), 16)
    if states.count is None and sheet.symbols:
        sheet.label(x, y + 24, "In the drawing", size=12, weight=600, role=f"{sheet.colour}.text")
        for words in sheet.symbols:
            sheet.label(x, y + 44, spans(formula(words)), size=SMALL)
            y += 19
        sheet.symbols = ()
    return high
