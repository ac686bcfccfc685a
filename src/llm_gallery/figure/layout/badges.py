"""Numbers in place of leaders: the same beside a block and in the title of its plate, where no way is free."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from llm_gallery.figure.kit.blocks import Words, centred
from llm_gallery.figure.kit.painting import overlap
from llm_gallery.figure.kit.shapes import Bounds, Box, Picture, Point, Shape
from llm_gallery.figure.kit.signs import circle
from llm_gallery.figure.layout.leaders import Leader, pieces
from llm_gallery.figure.layout.starts import Spot
from llm_gallery.mechanisms.colour import Tone

RADIUS, SIZE = 8.0, 11.0
"""Px of the radius of a number's disc, and of its type."""


class Badge(NamedTuple):
    """A number, its place beside a block, and its plate."""

    number: int
    spot: Spot
    plate: Bounds
    tone: Tone


def badges(found: Sequence[Leader]) -> list[Badge]:
    """A number for each plate that no leader reaches, by the height of its blocks; none where no place is free."""
    held = [piece for one in found for piece in pieces(one.points)]
    joined = {one.plate.bounds for one in found if one.points}
    numbers: dict[Bounds, int] = {}
    made: list[Badge] = []
    for one in sorted(found, key=lambda leader: leader.start.box.top):
        if one.points or (one.plate.bounds in joined and not one.start.path):
            continue
        spot = next((spot for spot in one.start.beside() if not _covered(spot.at, held)), None)
        if spot is None:
            continue
        number = numbers.setdefault(one.plate.bounds, len(numbers) + 1)
        made.append(Badge(number, spot, one.plate.bounds, one.plate.tone))
        held.append(_around(spot.at))
    return made


def _around(at: Point) -> Bounds:
    return Bounds(at.x - RADIUS, at.y - RADIUS, at.x + RADIUS, at.y + RADIUS)


def _covered(at: Point, held: Sequence[Bounds]) -> bool:
    return any(overlap(_around(at), other, -2.0) for other in held)


def disc(badge: Badge, at: Point, *, inside: bool = False) -> tuple[Shape, ...]:
    """The number on its disc, which is light where it stands on the block itself."""
    text = f"{badge.tone}.text"
    fill, role = ("paper", text) if inside else (text, "paper")
    box = circle(at.x, at.y, RADIUS, fill, None)
    box.labelled = True
    words = Words(0.36 * SIZE, f"{badge.number}", SIZE, 600)
    return box, *centred(box, role, words)


def placed(
    pictures: Sequence[tuple[Point, Picture]], made: Sequence[Badge]
) -> Iterator[tuple[Point, Picture]]:
    """The plates, those with a number showing it in place of their swatch."""
    by_plate = {badge.plate: badge for badge in made}
    for at, one in pictures:
        badge = by_plate.get(Bounds(at.x, at.y, at.x + one.width, at.y + one.height))
        yield at, one if badge is None else _titled(one, badge)


def _titled(plate: Picture, badge: Badge) -> Picture:
    shapes: list[Shape] = []
    for shape in plate.shapes:
        if isinstance(shape, Box) and _is_swatch(shape):
            middle = Point(shape.x + shape.width / 2, shape.y + shape.height / 2)
            shapes += disc(badge, middle)
        else:
            shapes.append(shape)
    return replace(plate, shapes=tuple(shapes))


def _is_swatch(box: Box) -> bool:
    """Whether it is the square before a title, which stands in the upper left corner."""
    return box.open and box.radius == 2 and box.x < 20 and box.y < 20 and not box.ground
