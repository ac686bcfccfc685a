"""Rows without ink: frames and insets are as high as what they hold, and so is the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from llm_gallery.figure.kit.painting import extent, overlap
from llm_gallery.figure.kit.shapes import Bounds, Box, Line, Picture, Shape, Text
from tests.figure.gates.flattened import flat

LONGEST = 64.0
"""Px of a frame or an inset that may hold nothing but lines on their way."""
WIDEST = 56.0
"""Px of a page, across its whole width, that may hold nothing."""

BROAD = 2.5
"""Px of a line's thickness from which it says how much flows."""

CELL = 10
"""Px of the squares by which blank areas are found."""
MARGIN = 30
"""What part of a page's width its margins are."""
NARROWEST, LARGEST = 150, 60_000
"""Px of the shorter side of a blank area, and square px of it, from which it is a desert."""

Rows = tuple[float, float]
"""From one height to another."""


def blank_rows(picture: Picture, longest: float = LONGEST) -> tuple[str, ...]:
    """Every run of rows in a frame or an inset that holds no block, text or sign: a thin line alone is none."""
    shapes = flat(picture)
    inked = [_extent(shape) for shape in shapes if _is_ink(shape)]
    inked += [bounds for shape in shapes if isinstance(shape, Line) for bounds in _broad(shape)]
    grounds = [shape for shape in shapes if isinstance(shape, Box) and shape.ground]
    return tuple(
        f"{high - low:.0f} px from {low:.0f} down hold nothing in the frame at "
        f"{ground.x:.0f}, {ground.y:.0f}"
        for ground in grounds
        for low, high in _gaps(
            [(b.top, b.bottom) for b in inked if overlap(b, ground.bounds)],
            (ground.y, ground.y + ground.height),
        )
        if high - low > longest
    )


def _broad(line: Line) -> Iterator[Bounds]:
    """Its pieces across, where its width says how much flows: such a wire is read as a block is."""
    half = line.thickness / 2
    if line.thickness >= BROAD:
        for a, b in pairwise(line.points):
            if a.y == b.y:
                yield Bounds(min(a.x, b.x), a.y - half, max(a.x, b.x), a.y + half)


def blank_bands(picture: Picture, widest: float = WIDEST) -> tuple[str, ...]:
    """Every band across the page in which nothing stands, frames and insets counted as ink."""
    inked = [
        (b.top, b.bottom)
        for shape in flat(picture)
        for b in [_extent(shape)]
        if not isinstance(shape, Line) or b.top == b.bottom
    ]
    return tuple(
        f"{high - low:.0f} px from {low:.0f} down are blank"
        for low, high in _gaps(inked, (0.0, picture.height))
        if high - low > widest
    )


def deserts(picture: Picture) -> tuple[str, ...]:
    """The largest area in which nothing stands, not even a line or an edge, where it is too large."""
    found = _blank(_inked(picture))
    left, top, wide, high = max(found, key=lambda area: area[2] * area[3], default=(0, 0, 0, 0))
    if wide * high <= LARGEST:
        return ()
    return (f"{wide} × {high} px hold nothing at {left}, {top}",)


def _inked(picture: Picture) -> list[list[bool]]:
    """For each square of the page, row by row, whether anything is in it."""
    rows, columns = int(picture.height // CELL), int(picture.width // CELL)
    inked = [[False] * columns for _ in range(rows)]
    margin, wide, high = picture.width / MARGIN, picture.width, picture.height
    margins = (
        Bounds(0, 0, margin, high),
        Bounds(wide - margin, 0, wide, high),
        Bounds(0, 0, wide, margin),
        Bounds(0, high - margin, wide, high),
    )
    for area in (*margins, *_areas(picture)):
        left, right = max(0, int(area.left // CELL)), min(columns, int(area.right // CELL) + 1)
        for row in inked[max(0, int(area.top // CELL)) : int(area.bottom // CELL) + 1]:
            row[left:right] = [True] * max(0, right - left)
    return inked


def _areas(picture: Picture) -> Iterator[Bounds]:
    """What is drawn: of frames the edges, of lines each piece."""
    for shape in flat(picture):
        if isinstance(shape, Line):
            for a, b in pairwise(shape.points):
                yield Bounds(min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y))
        elif isinstance(shape, Box) and shape.open and (shape.ground or shape.fill is None):
            left, top, right, bottom = shape.bounds
            yield from (
                Bounds(left, top, right, top),
                Bounds(left, bottom, right, bottom),
                Bounds(left, top, left, bottom),
                Bounds(right, top, right, bottom),
            )
        elif _is_ink(shape):
            yield _extent(shape)


def _blank(inked: Sequence[Sequence[bool]]) -> Iterator[tuple[int, int, int, int]]:
    """Blank areas that can't grow, wide and high enough: left, top, width, height."""
    heights = [0] * (len(inked[0]) + 1 if inked else 1)
    for y, row in enumerate(inked):
        starts: list[tuple[int, int]] = []  # where a blank of a height begins, lower ones first
        for x, high in enumerate(heights):
            high = 0 if x == len(row) or row[x] else high + 1
            heights[x], start = high, x
            while starts and starts[-1][1] >= high:
                start, tall = starts.pop()
                wide = (x - start) * CELL
                if min(wide, tall * CELL) >= NARROWEST:
                    yield start * CELL, (y + 1 - tall) * CELL, wide, tall * CELL
            starts.append((start, high))


def _is_ink(shape: Shape) -> bool:
    """A line on its way up says nothing; nor does a border around other shapes."""
    if isinstance(shape, Line):
        return False
    if isinstance(shape, Box):
        return not shape.ground and (shape.fill is not None or not shape.open)
    return isinstance(shape, Text) or shape.fill != "lens"


def _extent(shape: Shape) -> Bounds:
    if isinstance(shape, Text):
        return shape.bounds
    if isinstance(shape, Line):
        across, down = [p.x for p in shape.points], [p.y for p in shape.points]
        return Bounds(min(across), min(down), max(across), max(down))
    return extent(shape)


def _gaps(inked: Iterable[Rows], whole: Rows) -> Iterator[Rows]:
    """What the rows leave of the whole."""
    at, end = whole
    for low, high in sorted(inked):
        if low >= end:
            break
        if low > at:
            yield at, low
        at = max(at, high)
    if at < end:
        yield at, end
