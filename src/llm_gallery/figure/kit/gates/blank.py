"""Rows without ink: frames and insets are as high as what they hold, and so is the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from llm_gallery.figure.kit.painting import extent, overlap
from llm_gallery.figure.kit.shapes import Bounds, Box, Line, Picture, Shape, Text, flat

LONGEST = 60.0
"""Px of a frame or an inset that may hold nothing but lines on their way."""
WIDEST = 56.0
"""Px of a page, across its whole width, that may hold nothing."""

Rows = tuple[float, float]
"""From one height to another."""


def blank_rows(picture: Picture, longest: float = LONGEST) -> tuple[str, ...]:
    """Every run of rows in a frame or an inset that holds no block, text or sign: a line alone is none."""
    shapes = flat(picture)
    inked = [(_extent(shape), shape) for shape in shapes if _is_ink(shape)]
    grounds = [shape for shape in shapes if isinstance(shape, Box) and shape.ground]
    return tuple(
        f"{high - low:.0f} px from {low:.0f} down hold nothing in the frame at "
        f"{ground.x:.0f}, {ground.y:.0f}"
        for ground in grounds
        for low, high in _gaps(
            [(b.top, b.bottom) for b, shape in inked if overlap(b, ground.bounds)],
            (ground.y, ground.y + ground.height),
        )
        if high - low > longest
    )


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
