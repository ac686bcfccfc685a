"""What never grows: a matrix a head, or a few numbers a channel."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals._state import States
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Box, Mark
from llm_gallery.figure.kit.signs import drum
from llm_gallery.figure.kit.text import Span
from llm_gallery.figure.pictures.panel import fitting
from llm_gallery.mechanisms import DRAWN, colour_of
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.lane_drawing import LaneDrawing, State
from llm_gallery.mechanisms.wording import singular
from llm_gallery.plan.place import Variant

_ACROSS = (3, 1, 0, 2, 1, 3, 0, 1, 2, 0, 3, 1)
_DOWN = (2, 3, 1, 0, 3, 1, 2, 0, 1, 3, 0, 2)
_PRODUCTS = tuple(
    (c, r, min(3, (_ACROSS[c] * _DOWN[r] + _ACROSS[(c + 5) % 12] * _DOWN[(r + 7) % 12]) // 3))
    for r in range(12)
    for c in range(12)
)
_TONES = ("pale", "edge", "edge", "lit")
"""An illustration: the state is the sum of many products of two vectors, as a value and a key."""


def is_matrix(block: Block) -> bool:
    """Whether the state is a matrix, and not a few numbers for each channel."""
    drawing = DRAWN[block.kind].drawing
    core = drawing.core if isinstance(drawing, LaneDrawing) else None
    return isinstance(core, State) and len(core.sizes) == 2 and bool(core.states)


BESIDE = 120.0
"""Px of the words beside the matrix; where there is less room they stand under it."""
BROAD, MOST_ROWS = 420.0, (8, 16)
"""Px from which there is height for all numbers of a channel of Mamba, and rows at most under it and from it."""


def matrix(variants: Sequence[Variant], sheet: Sheet, wide: float, y: float) -> float:
    """One state as a square of numbers between what writes it, and how many there are."""
    block, colour = variants[0].block, colour_of(variants[0].block)
    drawing = DRAWN[block.kind].drawing
    assert isinstance(drawing, LaneDrawing)
    assert isinstance(drawing.core, State)
    states = States.of(block, drawing.core)
    count, pitch = 12, 12.0
    side = count * pitch
    left, top = 42.0, y + 22
    down, across = drawing.core.axes
    sheet.label(left - 22, y + 12, down, size=13, role=f"{colour}.text")
    _tinted(sheet, left - 20, top, [(0, i, v) for i, v in enumerate(_DOWN)], colour, pitch)
    _tinted(sheet, left + 4, top + 4, _PRODUCTS, colour, pitch)
    edge = Box(left, top, side + 6, side + 6, radius=5, edge=f"{colour}.text", line=1.25, open=True)
    sheet.put(edge)
    below = [(i, 0, k) for i, k in enumerate(_ACROSS)]
    _tinted(sheet, left + 4, top + side + 14, below, colour, pitch)
    middle, role = left + side / 2 + 3, f"{colour}.text"
    sheet.label(middle, top + side + 42, across, size=13, role=role, anchor="middle")
    count = states.count or 1
    many, each = singular(f"{count:,} heads"), " each" * (count > 1)
    taken = Span(states.taken, 600, role=f"{colour}.text")
    x, at = left + side + 26, top + 34
    if x + BESIDE > wide:
        at = top + side + 66
        size = Span(states.size, 600, role=f"{colour}.text")
        sheet.label(16, at, (f"{many},{each} ", size), size=13, role="ink")
        sheet.put(drum(16, at + 9.5, f"{colour}.tint", f"{colour}.text"))
        sheet.label(32, at + 19, (taken, " a layer, at any length"), size=13)
        return at + 25
    for words in (f"{many},{each}", "with one matrix of"):
        sheet.label(x, at, words, size=13, role="ink")
        at += 19
    sheet.label(x, at + 5, states.size, size=17, weight=600, role=f"{colour}.text")
    sheet.put(drum(x, at + 20, f"{colour}.tint", f"{colour}.text"))
    sheet.label(x + 16, at + 29.5, (taken, " a layer,"), size=13)
    sheet.label(x, at + 48, "at any length", size=13)
    return top + side + 54


Cells = Sequence[tuple[int, int, int]]
"""Squares: column, row, and which tone."""


def _tinted(sheet: Sheet, x: float, y: float, cells: Cells, colour: Colour, pitch: float) -> None:
    """Squares of four tones, a path a tone."""
    broad, high = ((max(at) + 1) * pitch - 2 for at in list(zip(*cells, strict=True))[:2])
    for tone, path in _squares(tuple(cells), pitch):
        sheet.put(Mark(x, y, path, width=broad, height=high, fill=f"{colour}.{tone}"))


@lru_cache(maxsize=64)
def _squares(cells: Cells, pitch: float) -> tuple[tuple[str, str], ...]:
    """Each tone that some have, with their path: the same few illustrations stand on every figure."""
    found = []
    side = pitch - 2
    for tone in dict.fromkeys(_TONES):
        path, at = "", (0.0, 0.0)
        for column, row in [(c, r) for c, r, of in cells if _TONES[min(of, 3)] == tone]:
            here = (column * pitch, row * pitch)
            path += f"m{here[0] - at[0]:g} {here[1] - at[1]:g}h{side:g}v{side:g}h-{side:g}z"
            at = here
        if path:
            found.append((tone, path))
    return tuple(found)


def channels(variants: Sequence[Variant], sheet: Sheet, wide: float, y: float) -> float:
    """A state that is a few numbers for each channel."""
    block, colour = variants[0].block, colour_of(variants[0].block)
    count, each = kept_of_each(block)
    rows = rows_of(count, wide)
    columns = int((wide - 32) // 11)
    cells = [(c, r, (c * 7 + r * 5 + (c * r) % 3) % 4) for r in range(rows) for c in range(columns)]
    count_of = block.number("inner")
    sheet.label(16, y + 12, (Span(f"{count_of:,}", 600, role="ink"), " channels"), size=13)
    _tinted(sheet, 16, y + 22, cells, colour, 11)
    low = y + 22 + rows * 11 + 18
    bold = Span(f"{count:,}", 600, role=f"{colour}.text")
    long, short = (bold, f" {each} for each, at any length"), (bold, f" {each} for each")
    sheet.label(16, low, fitting(wide - 32, 13, long, short), size=13)
    return low + 12


def rows_of(count: int, wide: float) -> int:
    """How many of a channel's numbers are drawn in a room so wide."""
    return min(MOST_ROWS[wide >= BROAD], count)


def kept_of_each(block: Block) -> tuple[int, str]:
    """How many numbers a channel keeps, and what they are: an average is two sums."""
    if "state_dim" in block.facts:
        return block.number("state_dim"), "numbers"
    drawing = DRAWN[block.kind].drawing
    assert isinstance(drawing, LaneDrawing)
    assert isinstance(drawing.core, State)
    return (2, "running sums") if drawing.core.name == "average" else (1, "number")
