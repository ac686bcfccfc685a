"""A figure in which some parts stay as they are and all else fades, each of them in a ring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

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

FAINT, QUIET = 17, 62
"""Percent that stay of a colour, and of a text's grey: what is faded can still be read."""
PANEL = 40.0
"""Px of the smaller side of a box from which it is a panel."""
KEPT, CALL = ("heading", "source"), "call-out"
"""Groups that stay, and those that stay with the part that they are called out of."""
OUT, THICK = 3.0, 2.0
"""Px from a part to its ring, and of the ring."""
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
    """The picture with everything faded but its head, its source, these areas, and what is called out of them."""
    inks = [extent(shape).top for shape in flat(picture) if isinstance(shape, Box | Mark)]
    lit = [*lit, *_plates(flat(picture), lit)]
    return _faded(picture, Point(0, 0), _Light(lit, min(inks, default=0.0), NEAR * unit))


def edges(marked: Iterable[Bounds], lit: Sequence[Bounds], unit: float) -> Iterator[Bounds]:
    """Where arrows to some areas end: at the ring, where an area has one."""
    out = (OUT + THICK / 2) * unit
    for area in marked:
        left, top, right, bottom = area
        yield Bounds(left - out, top - out, right + out, bottom + out) if area in lit else area


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
        out = OUT * unit
        ring = Box(
            area.left - out,
            area.top - out,
            area.right - area.left + 2 * out,
            area.bottom - area.top + 2 * out,
        )
        ring.radius, ring.edge, ring.line, ring.open = 8 * unit, "ink", THICK * unit, True
        yield ring


def _plates(shapes: Iterable[Shape], lit: Sequence[Bounds]) -> Iterator[Bounds]:
    """Boxes to which a leader goes from a marked block."""
    shapes = tuple(shapes)
    boxes = [s.bounds for s in shapes if isinstance(s, Box) and not s.open and s.form == "rect"]
    for line in shapes:
        if isinstance(line, Line) and line.kind == "leader":
            for here, there in (
                line.points[:: len(line.points) - 1],
                line.points[:: 1 - len(line.points)],
            ):
                if any(_holds(area, _spot(here), NEAR) for area in lit):
                    yield _reach(line)
                    yield from (box for box in boxes if _holds(box, _spot(there), 1.0))


def _spot(point: Point) -> Bounds:
    return Bounds(point.x, point.y, point.x, point.y)


def _reach(line: Line) -> Bounds:
    across, down = [x for x, _ in line.points], [y for _, y in line.points]
    return Bounds(min(across), min(down), max(across), max(down))


class _Light(NamedTuple):
    """What stays as it is: areas, texts over a height, and what stands out of an area by so little."""

    areas: Sequence[Bounds]
    head: float
    near: float

    def on(self, shape: Shape) -> bool:
        """Whether a shape stays."""
        if isinstance(shape, Line):
            bounds = _reach(shape)
        else:
            bounds = shape.bounds if isinstance(shape, Text) else extent(shape)
        over = isinstance(shape, Text) and bounds.bottom <= self.head
        return over or any(_holds(area, bounds, self.near) for area in self.areas)

    def begins(self, shape: Shape) -> bool:
        """Whether it is a leader of something that stays."""
        ends = (shape.points[0], shape.points[-1]) if isinstance(shape, Line) else ()
        leads = isinstance(shape, Line) and shape.kind == "leader"
        return leads and any(_holds(a, _spot(end), self.near) for a in self.areas for end in ends)


def _faded(picture: Picture, at: Point, light: _Light) -> Picture:
    placed = moved(picture.shapes, at.x, at.y)
    stays = [light.on(shape) for shape in placed]
    for group in picture.groups:
        held = range(group.start, group.end)
        if group.kinds in KEPT or any(light.begins(placed[i]) for i in held if group.kinds == CALL):
            for i in held:
                stays[i] = True
    shapes = tuple(
        shape if stay else _faint(shape) for shape, stay in zip(picture.shapes, stays, strict=True)
    )
    inside = tuple(
        (where, _faded(part, Point(at.x + where.x, at.y + where.y), light))
        for where, part in picture.inside
    )
    return replace(picture, shapes=shapes, inside=inside)


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
