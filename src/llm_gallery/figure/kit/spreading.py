"""A drawing made higher: its gaps grow, its blocks and type stay as they are."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from llm_gallery.figure.kit.painting import extent
from llm_gallery.figure.kit.shapes import Bounds, Box, Line, Mark, Picture, Point, Shape, Text, flat

LEAST, MOST = 9.0, 18.0
"""Px of a gap that may grow, and that it grows at most."""

Rows = tuple[float, float]
"""From one height to another."""


def spread(picture: Picture, more: float) -> Picture:
    """The picture up to `more` px higher, shared out among the rows that nothing but lines on their way up cross."""
    shapes = flat(picture)
    cuts = [(low + high) / 2 for low, high in _gaps(shapes)]
    each = min(MOST, more / len(cuts)) if cuts else 0.0
    if each < 0.5:
        return picture

    def down(y: float) -> float:
        return y + each * bisect_left(cuts, y)

    moved = tuple(_moved(shape, down) for shape in shapes)
    return Picture(width=picture.width, height=picture.height + each * len(cuts), shapes=moved)


def _gaps(shapes: Sequence[Shape]) -> Iterator[Rows]:
    """The rows between the first and the last shape that hold no block, text, sign or line across."""
    at = None
    for top, bottom in sorted(_held(shapes)):
        if at is not None and top - at >= LEAST:
            yield at, top
        at = bottom if at is None else max(at, bottom)


def _held(shapes: Sequence[Shape]) -> Iterator[Rows]:
    """The rows that shapes take; lines only where they run across."""
    for shape in shapes:
        if isinstance(shape, Line):
            half = shape.thickness / 2 + 1
            for a, b in pairwise(shape.points):
                if a.y == b.y:
                    yield a.y - half, a.y + half
        elif isinstance(shape, Text):
            bounds = shape.bounds
            yield bounds.top, bounds.bottom
        elif not _border(shape):
            bounds = extent(shape)
            yield bounds.top, bounds.bottom


def _border(shape: Box | Mark) -> bool:
    """Whether it stands around other shapes, and is as high as they are."""
    return isinstance(shape, Box) and shape.open and (shape.ground or shape.fill is None)


def _moved(shape: Shape, down: Callable[[float], float]) -> Shape:
    if isinstance(shape, Line):
        return replace(shape, points=tuple(Point(x, down(y)) for x, y in shape.points))
    if isinstance(shape, Text):
        within = shape.inside
        if within is not None:
            within = Bounds(within.left, down(within.top), within.right, down(within.bottom))
        return replace(shape, y=down(shape.y), inside=within)
    if isinstance(shape, Box) and _border(shape):
        top = down(shape.y)
        return replace(shape, y=top, height=down(shape.y + shape.height) - top)
    top, bottom = extent(shape)[1::2]
    middle = (top + bottom) / 2
    return replace(shape, y=shape.y + down(middle) - middle)
