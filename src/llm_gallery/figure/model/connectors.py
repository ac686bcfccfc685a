"""Lines from a layer's block to the inset that explains it: off-centre, by a lane, to a dot on its edge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from llm_gallery.figure.kit.shapes import Line, Point, Shape
from llm_gallery.figure.kit.signs import dot, letter
from llm_gallery.figure.model.mixer_blocks import Hero

JOIN = 14.0
"""Px from an inset's edge to the line on which connectors join, and from its corners to where they end."""
LANE = 2.0
"""Px under which two connectors side by side are one line to the eye."""


@dataclass(frozen=True, slots=True)
class Socket:
    """A hero where it stands in the whole, and the inset's edge that it leads to."""

    hero: Hero
    role: str
    edge: tuple[float, float, float]  # across, then the two ends along
    others: Sequence[Hero] = ()  # of its frame

    def faces(self, *, up: bool) -> bool:
        """Whether nothing of its frame stands in its lane on the way out."""
        mine = self.hero.box.y
        ahead = (h for h in self.others if abs(h.lane - self.hero.lane) < LANE)
        return not any(h.box.y < mine if up else h.box.y > mine for h in ahead)


def sideways(socket: Socket) -> Iterator[Shape]:
    """From the block's right side over its callouts to an inset that stands right of the frame."""
    hero, (x, low, high) = socket.hero, socket.edge
    start, over = hero.anchor("beside"), min(hero.box.y, hero.first) - 9
    points = [start, Point(hero.lane, start.y), Point(hero.lane, over)]
    end = min(max(over, low + JOIN), high - JOIN)
    if end != over:
        points += [Point(x - 10, over), Point(x - 10, end)]
    yield from _ending([*points, Point(x, end)], socket.role)


def joined(
    groups: Sequence[Sequence[Socket]], edge: float, *, up: bool
) -> tuple[list[Shape], list[Socket]]:
    """To insets above or below the frames: the first lane leads there, the others join it on the way.

    A connector that would cross another group's is left out: the sockets that have one come second.
    """
    shapes: list[Shape] = []
    linked: list[Socket] = []
    lanes = {socket.hero.outlet: number for number, group in enumerate(groups) for socket in group}
    level = edge + (JOIN if up else -JOIN)
    for number, group in enumerate(groups):
        if not group:
            continue
        _, low, high = group[0].edge
        inside = [socket for socket in group if low <= socket.hero.outlet <= high]
        if not inside:
            continue
        main = inside[0]
        x = main.hero.outlet
        shapes += _ending([*main.hero.way_out(up=up), Point(x, edge)], main.role)
        linked.append(main)
        for socket in group:
            lane = socket.hero.outlet
            left, right = min(x, lane), max(x, lane)
            between = {lanes[other] for other in lanes if left < other < right}
            if socket is main or between - {number}:
                continue
            points = [*socket.hero.way_out(up=up), Point(lane, level), Point(x, level)]
            shapes += _ending(points, main.role)
            linked.append(socket)
    return shapes, linked


def _ending(points: Sequence[Point], role: str) -> Iterator[Shape]:
    """A connector with the dot at its end."""
    yield Line(points=tuple(points), kind="connector", role=role)
    yield dot(*points[-1], role)


@dataclass(frozen=True, slots=True)
class Referred:
    """An inset by its upper left corner, and the places in frames that it explains."""

    corner: Point
    role: str
    places: Sequence[Point]


def referred(corner: Point, sockets: Sequence[Socket]) -> Referred:
    """The inset of some blocks, each referred to at its upper right."""
    role = sockets[0].role if sockets else ""
    return Referred(corner, role, [socket.hero.anchor("letter") for socket in sockets])


def lettered(insets: Sequence[Referred]) -> Iterator[Shape]:
    """The same letter by a block and on its inset, where no line leads there."""
    names = iter("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    for inset in insets:
        name = next(names, "") if inset.places else ""
        if name:
            yield from letter(inset.corner.x + 17, inset.corner.y + 18.5, name, inset.role)
            for place in inset.places:
                yield from letter(*place, name, inset.role)
