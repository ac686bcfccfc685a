"""What nobody sees, for something is painted over it: a light dash before the dark stroke that it was to part."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from llm_gallery.figure.kit.painting import layers, overlap
from llm_gallery.figure.kit.segments import stretches
from llm_gallery.figure.kit.shapes import Bounds, Box, Line, Mark, Picture, Shape, Text, moved
from llm_gallery.figure.kit.style import Styles
from tests.figure.gates.placing import words

TOUCH = 0.5
"""Px by which extents may meet without overlapping: half a pixel is not seen."""
HIGH = 24
"""Px of the rows by which areas are found again."""
SLACK = 0.01
"""Px that numbers are written to."""


def hidden(picture: Picture) -> tuple[str, ...]:
    """Every text of which something is painted over, and every box or mark that is wholly covered by later ones, in any theme."""
    painted = list(_painted(picture, Styles()))
    found = []
    above = _Rows()
    for shape in reversed(painted):
        if isinstance(shape, Text):
            bounds = shape.bounds
            if any(overlap(bounds, solid, TOUCH) for solid in above.about(bounds)):
                found.append(f'"{words(shape)}" is painted over at {_place(bounds)}')
            continue
        if not isinstance(shape, Line):
            parts = _parts(shape)
            if parts and all(any(_within(p, solid) for solid in above.about(p)) for p in parts):
                what = type(shape).__name__.lower()
                found.append(f"a {what} is wholly painted over at {_place(parts[0])}")
        for solid in _solids(shape):
            above.add(solid)
    return tuple(reversed(found))


class _Rows:
    """Areas by the rows of the page that they reach into: few are near any other."""

    def __init__(self) -> None:
        self._rows: dict[int, list[Bounds]] = {}

    def add(self, area: Bounds) -> None:
        """Takes one more."""
        for row in range(int(area.top // HIGH), int(area.bottom // HIGH) + 1):
            self._rows.setdefault(row, []).append(area)

    def about(self, area: Bounds) -> Iterator[Bounds]:
        """Those that may overlap an area, some of them twice."""
        for row in range(int(area.top // HIGH), int(area.bottom // HIGH) + 1):
            yield from self._rows.get(row, ())


def _painted(picture: Picture, styles: Styles, dx: float = 0, dy: float = 0) -> Iterator[Shape]:
    """Shapes as they are painted, one after another, the pictures inside over those around them."""
    in_order = (shape for layer in layers(picture.shapes, styles) for shape in layer.shapes)
    shapes = tuple(shape for shape in in_order if isinstance(shape, Shape))
    yield from moved(shapes, dx, dy)
    for at, part in picture.inside:
        yield from _painted(part, styles, at.x + dx, at.y + dy)


def _parts(shape: Box | Mark) -> list[Bounds]:
    """What there is of a shape to be seen: each stretch of a mark."""
    if isinstance(shape, Box):
        return [] if shape.fill is None and shape.edge is None else [shape.bounds]
    if shape.dash is not None:  # squares, all of which may be lit
        return []
    return [bounds for bounds, _ in _stretches(shape)]


def _solids(shape: Box | Line | Mark) -> Iterator[Bounds]:
    """The areas that a shape covers, whatever was there."""
    if isinstance(shape, Line):
        if not shape.dashed:
            for a, b in pairwise(shape.points):
                if a.x == b.x or a.y == b.y:
                    yield _thick((*_ends(a.x, b.x), *_ends(a.y, b.y)), shape.thickness / 2)
    elif isinstance(shape, Mark):
        if shape.dash is None and shape.fill != "lens":
            yield from (bounds for bounds, solid in _stretches(shape) if solid)
    elif shape.fill is not None and shape.form == "rect":
        yield shape.bounds
    elif shape.fill is not None and shape.form == "circle":
        less = 0.15 * shape.width  # the square inside of it
        left, top, right, bottom = shape.bounds
        yield Bounds(left + less, top + less, right - less, bottom - less)


def _ends(a: float, b: float) -> tuple[float, float]:
    return (a, b) if a < b else (b, a)


def _thick(at: tuple[float, float, float, float], half: float) -> Bounds:
    """A straight line from left to right, top to bottom, as an area."""
    left, right, top, bottom = at
    level, upright = top == bottom, left == right
    across, down = (half if upright else 0.0), (half if level else 0.0)
    return Bounds(left - across, top - down, right + across, bottom + down)


class _Stretch(NamedTuple):
    """A stretch of a path from one move to the next, from where the path starts."""

    left: float
    right: float
    top: float
    bottom: float
    rectangle: bool

    @property
    def straight(self) -> bool:
        """Whether it goes across or down only."""
        return (self.left == self.right) != (self.top == self.bottom)


def _stretches(mark: Mark) -> Iterator[tuple[Bounds, bool]]:
    """Every stretch of a mark as an area, and whether it covers all of it."""
    for one in _measured(mark.path):
        at = mark.x + one.left, mark.x + one.right, mark.y + one.top, mark.y + one.bottom
        if mark.fill is not None:
            yield Bounds(at[0], at[2], at[1], at[3]), one.rectangle
        else:
            half = mark.thickness / 2
            left, right, top, bottom = at
            around = Bounds(left - half, top - half, right + half, bottom + half)
            yield (_thick(at, half) if one.straight else around), one.straight


@lru_cache(maxsize=1 << 14)
def _measured(path: str) -> tuple[_Stretch, ...]:
    """The stretches of path data in relative commands."""
    found = []
    for points in (stretch.points for stretch in stretches(path)):
        across, down = {x for x, _ in points}, {y for _, y in points}
        corners = len(points) in (4, 5) and len(across) == 2 == len(down)
        rectangle = corners and all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(points))
        found.append(_Stretch(min(across), max(across), min(down), max(down), rectangle))
    return tuple(found)


def _within(inner: Bounds, outer: Bounds) -> bool:
    return (
        inner.left >= outer.left - SLACK
        and inner.top >= outer.top - SLACK
        and inner.right <= outer.right + SLACK
        and inner.bottom <= outer.bottom + SLACK
    )


def _place(bounds: Bounds) -> str:
    return f"{bounds.left:.0f}, {bounds.top:.0f}"
