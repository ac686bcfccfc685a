"""Lines from a layer's block to the inset that explains it: off-centre, by a lane, to a dot on its edge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from llm_gallery.figure.kit.shapes import Line, Point, Shape
from llm_gallery.figure.kit.signs import dot, letter
from llm_gallery.figure.model.mixer_blocks import Hero

OFF = 11.0
"""Px from the middle of a block to where its connector leaves."""
JOIN = 14.0
"""Px from an inset's edge to the line on which connectors join."""


LANE = 2.0
"""Px under which two connectors side by side are one line to the eye."""


@dataclass(frozen=True, slots=True)
class Socket:
    """A hero in a frame that stands at `at`, and the inset's edge that it leads to."""

    hero: Hero
    at: Point
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
    box, at = socket.hero.box, socket.at
    x, low, high = socket.edge
    lane = at.x + socket.hero.lane
    right, start = at.x + box.x + box.width, at.y + box.y + OFF
    over = at.y + min(box.y, socket.hero.first) - 9
    points = [Point(right, start), Point(lane, start), Point(lane, over)]
    end = min(max(over, low + 14), high - 14)
    if end != over:
        points += [Point(x - 10, over), Point(x - 10, end)]
    points.append(Point(x, end))
    yield _line(points, socket.role)
    yield dot(x, end, socket.role)


def joined(
    groups: Sequence[Sequence[Socket]], edge: float, *, up: bool
) -> tuple[list[Shape], list[Socket]]:
    """To insets above or below the frames: the first lane leads there, the others join it on the way.

    A connector that would cross another group's is left out: the sockets that have one come second.
    """
    shapes: list[Shape] = []
    linked: list[Socket] = []
    lanes = {_lane(socket): number for number, group in enumerate(groups) for socket in group}
    level = edge + (JOIN if up else -JOIN)
    for number, group in enumerate(groups):
        if not group:
            continue
        _, low, high = group[0].edge
        inside = [socket for socket in group if low <= _lane(socket) <= high]
        if not inside:
            continue
        main = inside[0]
        x = _lane(main)
        shapes.append(_line([*_out(main, up), Point(x, edge)], main.role))
        shapes.append(dot(x, edge, main.role))
        linked.append(main)
        for socket in group:
            lane = _lane(socket)
            left, right = min(x, lane), max(x, lane)
            between = {lanes[other] for other in lanes if left < other < right}
            if socket is main or between - {number}:
                continue
            points = [*_out(socket, up), Point(lane, level), Point(x, level)]
            shapes += [_line(points, main.role), dot(x, level, main.role)]
            linked.append(socket)
    return shapes, linked


@dataclass(frozen=True, slots=True)
class Referred:
    """An inset by its upper left corner, and the places in frames that it explains."""

    corner: Point
    role: str
    places: Sequence[Point]


def referred(corner: Point, sockets: Sequence[Socket]) -> Referred:
    """The inset of some blocks, each referred to at its upper right."""
    role = sockets[0].role if sockets else ""
    places = [
        Point(s.at.x + s.hero.box.x + s.hero.box.width + 11, s.at.y + s.hero.box.y + 8)
        for s in sockets
    ]
    return Referred(corner, role, places)


def lettered(insets: Sequence[Referred]) -> Iterator[Shape]:
    """The same letter by a block and on its inset, where no line leads there."""
    names = iter("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    for inset in insets:
        name = next(names, "") if inset.places else ""
        if name:
            yield from letter(inset.corner.x + 17, inset.corner.y + 18.5, name, inset.role)
            for place in inset.places:
                yield from letter(*place, name, inset.role)


def _lane(socket: Socket) -> float:
    hero = socket.hero
    return socket.at.x + (hero.box.x + hero.box.width - 10 if hero.split else hero.lane)


def _out(socket: Socket, up: bool) -> list[Point]:
    """The first points of a connector: out of the block and into its lane."""
    box, at = socket.hero.box, socket.at
    lane = _lane(socket)
    if socket.hero.split:
        return [Point(lane, at.y + (box.y if up else box.y + box.height))]
    y = at.y + box.y + box.height / 2 + (-OFF if up else OFF)
    return [Point(at.x + box.x + box.width, y), Point(lane, y)]


def _line(points: Sequence[Point], role: str) -> Line:
    return Line(points=tuple(points), kind="connector", role=role)
