"""A figure in which some parts stay as they are and all else fades, each of them in a ring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from llm_gallery.figure.kit.painting import extent
from llm_gallery.figure.kit.shapes import (
    Bounds,
    Box,
    Line,
    Mark,
    Picture,
    Point,
    Shape,
    Text,
    copied,
    flat,
    moved,
)
from llm_gallery.figure.kit.theme import full_role
from llm_gallery.figure.marks.places import Place

FAINT, QUIET = 22, 62
"""Percent that stay of a colour, and of a text's grey: what is faded can still be read."""
PANEL = 40.0
"""Px of the smaller side of a box from which it is a panel."""
NEAR = 3.0
"""Px by which a sign may stand out of the block that it belongs to."""


def areas(picture: Picture, found: Iterable[Place], shown: Iterable[Place]) -> tuple[Bounds, ...]:
    """Where marked parts stand: their blocks, and panels that hold nothing else; none within another."""
    paths = {place.about.path for place in found}
    marked, other = list[Bounds](), list[Bounds]()
    for place in shown:
        (marked if _beneath(place.about.path, paths) else other).append(place.shape.bounds)
    panels = [
        shape.bounds
        for shape in flat(picture)
        if isinstance(shape, Box) and _panel(shape) and shape.width < picture.width * 0.97
    ]
    whole = [
        panel
        for panel in panels
        if any(_holds(panel, one) for one in marked)
        and not any(_holds(panel, one) for one in other)
    ]
    boxes = [place.shape.bounds for place in found if isinstance(place.shape, Box)]
    return tuple(_outermost([*whole, *(boxes or [place.shape.bounds for place in found])]))


def _beneath(path: str, paths: Iterable[str]) -> bool:
    return any(path == one or path.startswith(f"{one}.") for one in paths)


def _panel(box: Box) -> bool:
    return box.open and box.form == "rect" and min(box.width, box.height) >= PANEL


def _outermost(held: Sequence[Bounds]) -> Iterator[Bounds]:
    distinct = list(dict.fromkeys(held))
    for one in distinct:
        if not any(other != one and _holds(other, one) for other in distinct):
            yield one


def _holds(outer: Bounds, inner: Bounds, slack: float = 0.5) -> bool:
    return (
        inner.left >= outer.left - slack
        and inner.top >= outer.top - slack
        and inner.right <= outer.right + slack
        and inner.bottom <= outer.bottom + slack
    )


def faded(picture: Picture, lit: Sequence[Bounds], unit: float) -> Picture:
    """The picture with everything faded but its head and what stands in these areas, which have rings."""
    shapes = flat(picture)
    lit = [*lit, *_called_out(shapes, lit)]
    inks = [extent(s).top for s in shapes if isinstance(s, Box | Mark)]
    head = min(inks, default=0.0)
    return _faded(picture, Point(0, 0), lit, head, unit)


def numbers(picture: Picture, found: Iterable[Iterable[Place]]) -> Iterator[Bounds]:
    """Numbers beside a block that answer for it, with the words next to them."""
    texts = [shape for shape in flat(picture) if isinstance(shape, Text)]
    for place in (place for held in found for place in held if isinstance(place.shape, Text)):
        own = place.shape.bounds
        yield own
        for text in texts:
            gap = max(text.bounds.left - own.right, own.left - text.bounds.right)
            if text.y == place.shape.y and 0 <= gap <= text.size:
                yield text.bounds


def rings(lit: Iterable[Bounds], unit: float) -> Iterator[Box]:
    """An outline around each area."""
    for area in lit:
        out = 3 * unit
        ring = Box(
            area.left - out,
            area.top - out,
            area.right - area.left + 2 * out,
            area.bottom - area.top + 2 * out,
        )
        ring.radius, ring.edge, ring.line, ring.open = 8 * unit, "ink", 2 * unit, True
        yield ring


def _called_out(shapes: Iterable[Shape], lit: Sequence[Bounds]) -> Iterator[Bounds]:
    """Leaders that begin at a marked block, and the plates that they lead to."""
    boxes = [s.bounds for s in shapes if isinstance(s, Box) and not s.open and s.form == "rect"]
    for shape in shapes:
        if not isinstance(shape, Line) or shape.kind != "leader":
            continue
        start, end = shape.points[0], shape.points[-1]
        for here, there in ((start, end), (end, start)):
            if any(_holds(area, _spot(here), NEAR) for area in lit):
                yield _reach(shape)
                yield from (box for box in boxes if _holds(box, _spot(there), 1.0))


def _spot(point: Point) -> Bounds:
    return Bounds(point.x, point.y, point.x, point.y)


def _reach(line: Line) -> Bounds:
    across, down = [x for x, _ in line.points], [y for _, y in line.points]
    return Bounds(min(across), min(down), max(across), max(down))


def _faded(picture: Picture, at: Point, lit: Sequence[Bounds], head: float, unit: float) -> Picture:
    shapes = tuple(
        shape if _lit(moved((shape,), at.x, at.y)[0], lit, head, unit) else _faint(shape)
        for shape in picture.shapes
    )
    inside = tuple(
        (where, _faded(part, Point(at.x + where.x, at.y + where.y), lit, head, unit))
        for where, part in picture.inside
    )
    return replace(picture, shapes=shapes, inside=inside)


def _lit(shape: Shape, lit: Sequence[Bounds], head: float, unit: float) -> bool:
    if isinstance(shape, Line):
        bounds = _reach(shape)
    elif isinstance(shape, Text):
        bounds = shape.bounds
        if bounds.bottom <= head:
            return True
    else:
        bounds = extent(shape)
    return any(_holds(area, bounds, NEAR * unit) for area in lit)


def _faint(shape: Shape) -> Shape:
    made = copied(shape)
    if isinstance(made, Text):
        made.role = _share("muted", QUIET)
        made.spans = tuple(
            span if span.role is None else replace(span, role=made.role) for span in made.spans
        )
    elif isinstance(made, Line):
        made.role = _share(made.role, FAINT)
    elif isinstance(made, Box):
        made.fill = None if made.fill is None else _share(made.fill, FAINT)
        made.edge = None if made.edge is None else _share(made.edge, FAINT)
    else:
        made.fill = None if made.fill is None else _share(made.fill, FAINT)
        made.stroke = None if made.stroke is None else _share(made.stroke, FAINT)
    return made


def _share(role: str, share: int) -> str:
    """So many percent of a role; of one that is a share already, of that."""
    whole = full_role(role)
    if whole == role:
        return f"{role}.{share}"
    own = int(role.rpartition(".")[2])
    return f"{whole}.{max(1, own * share // 100)}"
