"""A layer's bar in its cell, on the stream under it: thick, long, whole and filled as the second channel says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from llm_gallery.figure.kit.shapes import Mark, Row
from llm_gallery.figure.kit.svg import number
from llm_gallery.mechanisms.bar import Bar
from llm_gallery.mechanisms.colour import Colour

WINDOWED = 0.42
"""Share of the cell's length of a bar that reads a window: a window is nothing beside a million tokens."""
SMALL = 4.0
"""Px of a cell's width under which thickness and outline become tints."""
ALONE = Row()
"""Of a cell that stands in no row."""
LEAST, BORROWED, UNPLACED = 0.22, 0.30, 0.8
"""Share of ink of the thinnest bar then, of what is hollow, and of its length of what would be slanted."""


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


class Piece(NamedTuple):
    """A part of a bar, as it stands laid down in its cell; its end may be slanted by some px."""

    x: float
    y: float
    width: float
    height: float
    slant: float = 0.0

    def inset(self, by: float) -> Piece:
        """Less half of its outline."""
        x, y, wide, high, slant = self
        return Piece(x + by, y + by, wide - 2 * by, high - 2 * by, slant)


def bars(
    look: Look, cells: Sequence[Cell], *, small: bool = False, row: Row | None = ALONE
) -> Iterator[Mark]:
    """The bars of one look, all cells of the same size: their ground, and what stands on it.

    Those of `small` cells, or of narrow ones, are tints. `row` says where they stand among all cells, None
    that those are of several widths.
    """
    first = cells[0]
    across, along = first.width, first.height
    colour, bar = look
    small = small or across < SMALL
    thick = across if small else across * bar.thickness
    long = along * (1.0 if bar.whole else WINDOWED)
    if small and bar.unplaced:
        long *= UNPLACED
    slant = min(0.7 * thick + 2, 0.25 * long) if bar.unplaced and not small else 0.0
    if thick < across or long < along or slant:
        ground = Piece(0, 0, across, along)
        yield _mark(cells, [ground], f"{colour}.pale", None)
    whole = Piece((across - thick) / 2, along - long, thick, long, slant)
    if small:
        for mark in _small(look, cells, whole):
            mark.row = row
            yield mark
        return
    hollow, own = _parted(bar, list(_pieces(whole, bar.chooses)))
    solid = f"{colour}.solid"
    if hollow:
        inner = [piece.inset(0.5) for piece in hollow]
        yield _mark(cells, inner, "paper", f"{colour}.text")
    if own:  # its outline is what print sees: there the fill is a hatching
        inner = [piece.inset(0.375) for piece in own]
        mark = _mark(cells, inner, solid, solid)
        mark.row = row
        yield mark


def _small(look: Look, cells: Sequence[Cell], whole: Piece) -> Iterator[Mark]:
    """A bar too thin for shapes: what it keeps and what it borrows are tints, a choice is one gap."""
    colour, bar = look
    hollow, own = _parted(bar, list(_halves(whole)) if bar.chooses else [whole])
    ink = max(LEAST, bar.thickness)
    for shown, share in ((hollow, BORROWED * ink), (own, ink)):
        if shown:
            tone = "solid" if share == 1 else f"{round(100 * share)}"
            yield _mark(cells, shown, f"{colour}.{tone}", None)


def _parted(bar: Bar, pieces: list[Piece]) -> tuple[list[Piece], list[Piece]]:
    """What is borrowed, and what is its own."""
    held: tuple[list[Piece], list[Piece]] = [], []
    for index, piece in enumerate(pieces):
        held[not bar.hollow(index, len(pieces))].append(piece)
    return held


def _halves(whole: Piece) -> Iterator[Piece]:
    x, y, wide, high, slant = whole
    gap = min(3.0, max(1.0, 0.055 * high))
    each = (high - gap) / 2
    yield Piece(x, y, wide, each, slant)
    yield Piece(x, y + each + gap, wide, each)


def _pieces(whole: Piece, broken: bool) -> Iterator[Piece]:
    """One, or where it is broken three to five behind one another."""
    x, y, wide, high, slant = whole
    count = 1 if not broken else 5 if high >= 50 else 4 if high >= 36 else 3 if high >= 9 else 2
    gap = max(1.0, 0.055 * high)
    each = (high - gap * (count - 1)) / count
    for index in range(count):
        at = y + index * (each + gap)
        yield Piece(x, at, wide, each, 0.0 if index else min(slant, each))


def _mark(cells: Sequence[Cell], pieces: Sequence[Piece], fill: str, stroke: str | None) -> Mark:
    """All pieces of all cells as one path, from the first cell's corner."""
    start = cells[0]
    path, at = "", (0, 0)
    drawn = [_corners(piece) for piece in pieces]
    shown = [(*corners[0], _round(corners)) for corners in drawn]
    for cell in cells:
        for right, down, outline in shown:
            # Whole hundredths: no rounding adds up over a hundred steps, and none goes to and fro.
            to = round(100 * (cell.x - start.x + right)), round(100 * (cell.y - start.y + down))
            path += f"m{number((to[0] - at[0]) / 100)} {number((to[1] - at[1]) / 100)}{outline}z"
            at = to
    left, top = min(cell.x for cell in cells), min(cell.y for cell in cells)
    wide = max(cell.x + cell.width for cell in cells) - left if start.x == left else 0.0
    high = max(cell.y + cell.height for cell in cells) - top if start.y == top else 0.0
    thickness = 0.75 if stroke == fill else 1.0
    return Mark(
        start.x,
        start.y,
        path,
        width=wide,
        height=high,
        fill=fill,
        stroke=stroke,
        thickness=thickness,
    )


def _corners(piece: Piece) -> tuple[tuple[float, float], ...]:
    """A piece's corners in its cell: its end is up."""
    x, y, wide, high, slant = piece
    return (x, y + slant), (x + wide, y), (x + wide, y + high), (x, y + high)


def _round(corners: Sequence[tuple[float, float]]) -> str:
    """From the first corner to each of the others."""
    path, (x, y) = "", corners[0]
    for a, b in corners[1:]:
        if b == y:
            path += f"h{number(a - x)}"
        elif a == x:
            path += f"v{number(b - y)}"
        else:
            path += f"l{number(a - x)} {number(b - y)}"
        x, y = a, b
    return path
