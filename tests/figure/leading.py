"""Where a page tells what leads it: the title, the pictures and the sentences, without the wiring under or beside them."""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.figure.kit.painting import extent
from llm_gallery.figure.kit.shapes import Bounds, Box, Line, Picture, Point, Shape, Text

CORNER = 10.0
"""Px of the corners of the plate that what leads stands on: those of insets are 8, and a frame has no tint."""


def told(page: Picture) -> Bounds | None:
    """All that is told of what leads; None where nothing leads.

    The plate is a part of the page, or, where what layers share leads, stands on the page itself with the strip in it.
    """
    for at, part in ((Point(0, 0), page), *page.inside):
        plate = next(filter(_is_plate, part.shapes), None)
        if isinstance(plate, Box):
            bottom = _told(plate, part.shapes)
            return Bounds(at.x + plate.x, at.y + plate.y, at.x + plate.bounds.right, at.y + bottom)
    return None


def _is_plate(shape: Shape) -> bool:
    return (
        isinstance(shape, Box)
        and shape.ground
        and shape.radius == CORNER
        and (shape.fill or "").endswith(".tint")
    )


def _told(plate: Box, shapes: Sequence[Shape]) -> float:
    """Where it ends: over the rule across the plate, if there is one, under which is what is kept, or the wiring."""
    left, top, right, bottom = plate.bounds
    rules = [
        shape.points[0].y
        for shape in shapes
        if isinstance(shape, Line)
        and shape.kind == "rule"
        and [point.x for point in shape.points] == [left + 16, right - 16]
        and top < shape.points[0].y < bottom
    ]
    under = min(rules, default=bottom)
    placed = (
        shape.bounds if isinstance(shape, Text) else extent(shape)
        for shape in shapes
        if shape is not plate and not isinstance(shape, Line)
    )
    return max(b.bottom for b in placed if b.top >= top and b.left >= left and b.top < under)
