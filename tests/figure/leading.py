"""Where a page tells what leads it: the title, the pictures and the sentences, without the wiring beside them."""

from __future__ import annotations

from llm_gallery.figure.kit.painting import extent
from llm_gallery.figure.kit.shapes import Bounds, Box, Line, Picture, Text

CORNER = 10.0
"""Px of the corners of the plate that what leads stands on: those of insets are 8, and a frame has no tint."""


def told(page: Picture) -> Bounds | None:
    """All that is told of what leads; None where nothing leads."""
    for at, part in page.inside:
        plate = next((shape for shape in part.shapes if isinstance(shape, Box)), None)
        if plate is None or plate.radius != CORNER or not (plate.fill or "").endswith(".tint"):
            continue
        rules = [
            shape.points[0].y
            for shape in part.shapes
            if isinstance(shape, Line) and shape.points[1].x - shape.points[0].x > part.width / 2
        ]
        under = min(rules, default=part.height)  # from there on: what it saves, or how it is wired
        placed = [
            shape.bounds if isinstance(shape, Text) else extent(shape)
            for shape in part.shapes
            if shape is not plate and not isinstance(shape, Line)
        ]
        bottom = max(bounds.bottom for bounds in placed if bounds.bottom <= under)
        return Bounds(at.x, at.y, at.x + part.width, at.y + bottom)
    return None
