"""Leaders: from each block of a frame to the plate that shows its inside, along the gutters, none over another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from math import inf
from typing import NamedTuple

from llm_gallery.figure.kit.painting import overlap
from llm_gallery.figure.kit.shapes import Bounds, Line, Point, Shape
from llm_gallery.figure.kit.signs import circle
from llm_gallery.figure.layout.starts import Start, Way
from llm_gallery.mechanisms.colour import Tone
from llm_gallery.plan.place import Variant

GUTTER = 20.0
"""Px between plates, in which leaders run."""
LANES = (10.0, 7.0, 13.0, 4.0, 16.0)
"""Px from a plate's edge to a leader beside it, the first that is free."""
CLEAR = 2.6
"""Px between two leaders at least."""
CORNER = 12.0
"""Px from a plate's corner to where a leader may end."""
TITLE = 21.0
"""Px from a plate's upper edge to the middle of its title."""
BEND, LONGEST = 40.0, 1200.0
"""Px of way that a bend counts as, and of a way with its bends that is still followed by eye."""
DOT = 2.5
"""Px of the radius of a leader's ends."""


class Plated(NamedTuple):
    """A plate where it stands, its tone, and the blocks whose inside it shows: none where it is of the whole layer.

    `wiring` is how branches read and write the stream.
    """

    bounds: Bounds
    tone: Tone
    variants: tuple[Variant, ...] = ()
    wiring: bool = False


class Leader(NamedTuple):
    """A way from a block to a plate; none where no way is free."""

    plate: Plated
    start: Start
    points: tuple[Point, ...]


def leaders(
    pairs: Sequence[tuple[Start, Plated]], standing: Sequence[Bounds]
) -> tuple[Leader, ...]:
    """A leader for each pair, those to the plate beside the frame first; or last, where that joins more."""
    first = [n for n, (start, plate) in enumerate(pairs) if _beside(start, plate.bounds)]
    then = [n for n in range(len(pairs)) if n not in first]
    then.sort(key=lambda n: pairs[n][0].box.top)

    def missed(found: tuple[Leader, ...]) -> int:
        """How many have no way; that of what leads counts as many as all others."""
        most = len(pairs) if first and not found[first[0]].points else 0
        return most + sum(not one.points for one in found)

    alone = [_best(start, plate.bounds, _Ground(standing, [])) for start, plate in pairs]
    best = _taken(pairs, alone, standing, (*first, *then))
    for turn in ((*first, *then[::-1]), (*then, *first), (*then[::-1], *first)):
        if missed(best) == sum(not way for way in alone):
            break
        other = _taken(pairs, alone, standing, turn)
        best = other if missed(other) < missed(best) else best
    return best


def lines(found: Sequence[Leader]) -> Iterator[Shape]:
    """The lines, each in its mechanism's colour with a dot at both ends."""
    for one in found:
        if one.points:
            role = f"{one.plate.tone}.line"
            yield Line(points=one.points, kind="leader", role=role, thickness=1.5)
            for end in (one.points[0], one.points[-1]):
                yield replace(circle(end.x, end.y, DOT, role, None), open=True)


def _beside(start: Start, goal: Bounds) -> bool:
    return 0 < goal.left - start.edge <= GUTTER + 1 and goal.top < start.box.bottom


def _taken(
    pairs: Sequence[tuple[Start, Plated]],
    alone: Sequence[tuple[Point, ...]],
    standing: Sequence[Bounds],
    turn: Sequence[int],
) -> tuple[Leader, ...]:
    """Each in its turn the best way that meets none of the earlier ones: mostly that which it takes `alone`."""
    ground, found = _Ground(standing, []), dict[int, Leader]()
    for n in turn:
        start, plate = pairs[n]
        points = alone[n]
        if ground.meets(pieces(points)):
            points = _best(start, plate.bounds, ground)
        ground.held.extend(pieces(points))
        found[n] = Leader(plate, start, points)
    return tuple(found[n] for n in range(len(pairs)))


def _best(start: Start, goal: Bounds, ground: _Ground) -> tuple[Point, ...]:
    """The shortest way with few bends; none where all are too long to follow."""
    points = min(_ways(start, goal, ground), key=_cost, default=())
    return points if _cost(points) < LONGEST else ()


def _cost(points: Sequence[Point]) -> float:
    length = sum(abs(a.x - b.x) + abs(a.y - b.y) for a, b in pairwise(points))
    return length + BEND * (len(points) - 2)


class _Ground(NamedTuple):
    """What stands on a page, and the leaders that it has so far, in pieces."""

    standing: Sequence[Bounds]
    held: list[Bounds]

    def meets(self, parts: Sequence[Bounds]) -> bool:
        """Whether pieces of a way come too near to a leader."""
        return any(overlap(one, other, -CLEAR) for one in parts for other in self.held)

    def free(self, *points: Point) -> bool:
        """Whether a way meets no leader and runs through nothing; it may touch an edge."""
        parts = pieces(points)
        return not self.meets(parts) and not any(
            overlap(one, box, 0.5) for one in parts for box in self.standing
        )

    def reach(self, x: float, y: float) -> tuple[float, float]:
        """How far up and down one comes from a place."""
        up, down = -inf, inf
        for boxes, slack in ((self.held, CLEAR), (self.standing, -0.5)):
            for left, top, right, bottom in boxes:
                if left - slack < x < right + slack:
                    if bottom + slack <= y:
                        up = max(up, bottom + slack)
                    elif top - slack >= y:
                        down = min(down, top - slack)
                    else:
                        return y, y
        return up, down


def _ways(start: Start, goal: Bounds, ground: _Ground) -> Iterator[tuple[Point, ...]]:
    """Ways that are free: of each way out the first."""
    for way in start.ways:
        if ground.meets(pieces(way.points)):
            continue
        onward = _down(way, goal, ground) if way.down else _onward(way, start.edge, goal, ground)
        if (rest := next(onward, None)) is not None:
            yield _joined((*way.points, *rest))


def _down(way: Way, goal: Bounds, ground: _Ground) -> Iterator[tuple[Point, ...]]:
    """Straight down to a plate under the frame."""
    x, y = way.points[-1]
    if goal.left + CORNER < x < goal.right - CORNER and 0 < goal.top - y <= GUTTER + 1:
        yield (Point(x, goal.top),)


def _onward(way: Way, edge: float, goal: Bounds, ground: _Ground) -> Iterator[tuple[Point, ...]]:
    """From a frame's right edge to a plate: beside it, over it, or down beside its column."""
    y = way.points[-1].y
    if 0 < goal.left - edge <= GUTTER + 1 and goal.top + CORNER <= y <= goal.bottom - CORNER:
        end = Point(goal.left, y)
        if ground.free(Point(edge, y), end):
            yield (end,)
    for out in LANES:
        turn = Point(edge + out, y)
        if ground.free(Point(edge, y), turn):
            up, down = ground.reach(*turn)
            for points in _from_lane(turn, goal, ground.standing, up, down):
                if ground.free(*points[1:]):
                    yield points


def _from_lane(
    turn: Point, goal: Bounds, standing: Sequence[Bounds], up: float, down: float
) -> Iterator[tuple[Point, ...]]:
    """Ways from a lane at the height of a block, as far up and down as it is free."""
    lane, y = turn
    for side in (goal.left, goal.right):
        if abs(side - lane) < GUTTER:
            near = min(max(y, goal.top + CORNER), goal.bottom - CORNER)
            for low in (near, goal.top + TITLE, goal.top + CORNER):
                if up < low < down:
                    yield turn, Point(lane, low), Point(side, low)
    for level in (goal.top - over for over in LANES):
        if up < level < down:
            for x in (goal.left + 19, goal.left + 27, goal.right - 19):
                yield turn, Point(lane, level), Point(x, level), Point(x, goal.top)
    tops = {top for _, top, _, _ in standing if y < top < goal.top - GUTTER}
    low = goal.top + TITLE
    first, last = min(box.left for box in standing), max(box.right for box in standing)
    for level in (top - over for top in sorted(tops, reverse=True) for over in LANES[:3]):
        if up < level < down:
            for out in LANES[:3]:
                for side, x in ((goal.left, goal.left - out), (goal.right, goal.right + out)):
                    if not first < x < last:  # beside all that stands
                        continue
                    yield turn, Point(lane, level), Point(x, level), Point(x, low), Point(side, low)


def _joined(points: Sequence[Point]) -> tuple[Point, ...]:
    """Without points twice, and without those on the straight way from the last to the next."""
    found = [points[0]]
    for at, after in zip(points[1:], [*points[2:], None], strict=True):
        if at == found[-1]:
            continue
        last = found[-1]
        if after is not None and (last.x == at.x == after.x or last.y == at.y == after.y):
            continue
        found.append(at)
    return tuple(found)


def pieces(points: Sequence[Point]) -> list[Bounds]:
    """The straight pieces of a way."""
    return [
        Bounds(min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y))
        for a, b in pairwise(points)
    ]
