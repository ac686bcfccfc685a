"""A layer's bar in its cell, laid down: thick, long, whole and filled as the second channel says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from llm_gallery.figure.kit.shapes import Mark
from llm_gallery.figure.kit.svg import number
from llm_gallery.mechanisms.bar import Bar
from llm_gallery.mechanisms.colour import Colour

WINDOWED = 0.42
"""Share of the cell's height of a bar that reads a window: a window is nothing beside a million tokens."""
SMALL = 4.0
"""Px of a cell's width under which an outline would fill it."""


class Cell(NamedTuple):
    """Where a bar stands: the left and the upper edge, px across and down."""

    x: float
    y: float
    width: float
    height: float


class Look(NamedTuple):
    """How a cell is painted."""

    colour: Colour
    bar: Bar


def bars(look: Look, cells: list[Cell]) -> Iterator[Mark]:
    """The bars of one look, all cells of the same size: their ground, and what stands on it."""
    first = cells[0]
    colour, bar = look
    wide = first.width * bar.thickness
    high = first.height * (1.0 if bar.whole else WINDOWED)
    left, top = (first.width - wide) / 2, first.height - high
    if wide < first.width or high < first.height:
        ground = Cell(0, 0, first.width, first.height)
        yield _mark(cells, [ground], f"{colour}.pale", None)
    pieces = list(_pieces(Cell(left, top, wide, high), bar.chooses))
    solid = f"{colour}.solid"
    if bar.borrowed == "nothing":
        outlined = wide >= SMALL  # which print sees: there the fill is a hatching
        shown = [_inset(piece, 0.375) for piece in pieces] if outlined else pieces
        yield _mark(cells, shown, solid, solid if outlined else None)
        return
    own = pieces[-1:] if bar.borrowed == "entries" else []
    hollow = pieces[: len(pieces) - len(own)]
    if wide < SMALL:
        yield _mark(cells, hollow, f"{colour}.edge", None)
    elif hollow:
        yield _mark(cells, [_inset(piece) for piece in hollow], "paper", f"{colour}.text")
    if own:
        yield _mark(cells, own, f"{colour}.solid", None)


def _inset(piece: Cell, by: float = 0.5) -> Cell:
    """Less half of its outline."""
    return Cell(piece.x + by, piece.y + by, piece.width - 2 * by, piece.height - 2 * by)


def _pieces(whole: Cell, broken: bool) -> Iterator[Cell]:
    """One, or where it is broken three to five under one another."""
    x, y, wide, high = whole
    count = 1 if not broken else 5 if high >= 50 else 4 if high >= 36 else 3 if high >= 9 else 2
    gap = max(1.0, 0.055 * high)
    each = (high - gap * (count - 1)) / count
    for index in range(count):
        yield Cell(x, y + index * (each + gap), wide, each)


def _mark(cells: list[Cell], pieces: list[Cell], fill: str, stroke: str | None) -> Mark:
    """All pieces of all cells as one path, from the first cell's corner."""
    path, at = "", (0.0, 0.0)
    start = cells[0]
    for cell in cells:
        for piece in pieces:
            x, y = cell.x - start.x + piece.x, cell.y - start.y + piece.y
            wide, high = number(piece.width), number(piece.height)
            path += f"m{number(x - at[0])} {number(y - at[1])}h{wide}v{high}h-{wide}z"
            at = (x, y)
    last = cells[-1]
    return Mark(
        start.x,
        start.y,
        path,
        width=last.x - start.x + last.width,
        height=last.y - start.y + last.height,
        fill=fill,
        stroke=stroke,
        thickness=0.75 if stroke == fill else 1.0,
    )
