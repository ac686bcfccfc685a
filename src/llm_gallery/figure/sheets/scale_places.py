"""Where towers stand that would cover one another: the earlier one stays, the later one moves as little as it can."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from math import hypot, inf
from typing import NamedTuple

from llm_gallery.figure.kit.shapes import Bounds, Point

APART = 4.0
"""Px between what two of them take."""
STEPS = (6.0, 48.0)
"""Px of the finest move, and of those beyond the near ones."""
FARTHEST = 42
"""Steps that one may move, across or down."""


class Wanted(NamedTuple):
    """The point at which the lower left corner should stand, and the areas that it takes, from that point."""

    at: Point
    tower: Bounds
    words: Bounds
    aside: float = inf  # px that it may move across


class Taken(NamedTuple):
    """What stands already: areas, and of them those of words; lines from a point to its tower."""

    areas: list[Bounds]
    words: list[Bounds]
    lines: list[tuple[Point, Point]]
    points: Sequence[Point]  # of all, to which lines may lead


def places(wanted: Sequence[Wanted], frame: Bounds, kept: Sequence[Bounds]) -> list[Point]:
    """The lower left corners, in order: at the point where that is free, else as near as it can be.

    Nothing stands outside of the frame or in what is kept free. No line or point of another is under
    words where a place in reach allows it.
    """
    taken = Taken(list(kept), [], [], [one.at for one in wanted])
    found = []
    for one in wanted:
        nearest = None
        for at, near in _free(one, frame, taken):
            nearest = nearest or at
            if _clear(one, at, near):
                break
        else:
            at = nearest or one.at
        if at != one.at:
            taken.lines.append((one.at, at))
        words = _moved(one.words, at)
        taken.areas.extend((_moved(one.tower, at), words))
        taken.words.append(words)
        found.append(at)
    return found


def _free(one: Wanted, frame: Bounds, taken: Taken) -> Iterator[tuple[Point, Taken]]:
    """Places at which it covers nothing, the nearest first, each with what is in reach of it."""
    (x, y), (left, top) = one.at, (one.tower.left, min(one.tower.top, one.words.top))
    right, bottom = one.words.right, max(one.tower.bottom, one.words.bottom)
    for step in STEPS:
        reach = FARTHEST * step
        around = Bounds(x + left - reach, y + top - reach, x + right + reach, y + bottom + reach)
        near = _near(taken, around)
        for dx, dy in _moves(step):
            if abs(dx) > one.aside:
                continue
            at = Point(x + dx, y + dy)
            if at.x + left < frame.left - 1 or at.x + right > frame.right + APART:
                continue
            if at.y + top < frame.top - 1 or at.y + bottom > frame.bottom + APART:
                continue
            tower, words = _moved(one.tower, at), _moved(one.words, at)
            met = (area for area in near.areas if _meet(tower, area) or _meet(words, area))
            if (first := next(met, None)) is None:
                yield at, near
            else:  # it most likely stands in the way of the next place, too
                near.areas.remove(first)
                near.areas.insert(0, first)


def _near(taken: Taken, around: Bounds) -> Taken:
    """What meets an area."""
    return Taken(
        [area for area in taken.areas if _meet(area, around)],
        [area for area in taken.words if _meet(area, around)],
        [line for line in taken.lines if _meet(_spanned(*line), around)],
        [point for point in taken.points if _holds(around, point)],
    )


def _spanned(a: Point, b: Point) -> Bounds:
    return Bounds(min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y))


def _clear(one: Wanted, at: Point, taken: Taken) -> bool:
    """Whether no line, its own or another's, runs through words."""
    words = _moved(one.words, at)
    if any(_holds(words, point) for point in taken.points if point != at):
        return False
    if any(_through(words, line) for line in taken.lines):
        return False
    return at == one.at or not any(_through(other, (one.at, at)) for other in taken.words)


def _moved(area: Bounds, by: Point) -> Bounds:
    return Bounds(area.left + by.x, area.top + by.y, area.right + by.x, area.bottom + by.y)


def _meet(a: Bounds, b: Bounds) -> bool:
    return (
        a.left < b.right + APART
        and b.left < a.right + APART
        and a.top < b.bottom + APART
        and b.top < a.bottom + APART
    )


def _holds(area: Bounds, point: Point) -> bool:
    near = 2.5  # px of a point's radius
    return (
        area.left - near < point.x < area.right + near
        and area.top - near < point.y < area.bottom + near
    )


def _through(area: Bounds, line: tuple[Point, Point]) -> bool:
    """Whether a line that begins outside of it enters the area."""
    (ax, ay), (bx, by) = line
    if max(ax, bx) < area.left - 1 or min(ax, bx) > area.right + 1:  # most are far away
        return False
    if max(ay, by) < area.top - 1 or min(ay, by) > area.bottom + 1:
        return False
    if _holds(area, line[0]):
        return False
    count = max(2, int(hypot(bx - ax, by - ay) / 5))
    return any(
        area.left < ax + (bx - ax) * step / count < area.right
        and area.top < ay + (by - ay) * step / count < area.bottom
        for step in range(1, count)
    )


@cache
def _moves(step: float) -> tuple[tuple[float, float], ...]:
    """All moves of so many px or several times that, the shortest first."""
    reach = range(-FARTHEST, FARTHEST + 1)
    steps = [(x * step, y * step) for x in reach for y in reach]
    return tuple(sorted(steps, key=lambda move: (hypot(*move), move)))
