"""Path data as lines and curves between places, for programs that read no path data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import atan2, ceil, cos, pi, sin, sqrt, tan
from typing import NamedTuple

from llm_gallery.figure.kit.shapes import Point

STEPS = 8
"""Straight pieces of a curve, where a program knows none."""


class Segment(NamedTuple):
    """From where the last one ended to `end`, straight, or by two `controls`."""

    end: Point
    controls: tuple[Point, Point] | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Segments from a start on, one after another; `closed` ones end where they began."""

    start: Point
    segments: list[Segment] = field(default_factory=list)
    closed: bool = False

    @property
    def points(self) -> tuple[Point, ...]:
        """Its course in straight pieces."""
        found, at = [self.start], self.start
        for end, controls in self.segments:
            if controls is None:
                found.append(end)
            else:
                found += (_on(at, *controls, end, n / STEPS) for n in range(1, STEPS + 1))
            at = end
        if self.closed and found[-1] != self.start:
            found.append(self.start)
        return tuple(found)


def stretches(path: str, x: float = 0.0, y: float = 0.0) -> Iterator[Stretch]:
    """Path data from a place on: one stretch from each move to the next."""
    at = start = Point(x, y)
    segments: list[Segment] = []
    for command, said in _COMMAND.findall(path):
        kind, relative = command.lower(), command.islower()
        if kind == "z":
            yield Stretch(start, segments, closed=True)
            segments, at = [], start
            continue
        for step in _steps(kind, [float(number) for number in _NUMBER.findall(said)]):
            end = _end(kind, step, at, Point(x, y), relative=relative)
            if kind == "m":
                if segments:
                    yield Stretch(start, segments)
                segments, start = [], end
                kind = "l"  # what follows a move is drawn
            else:
                base = at if relative else Point(x, y)
                segments += _drawn(kind, step, at, base, end)
            at = end
    if segments:
        yield Stretch(start, segments)


def _end(kind: str, step: Sequence[float], at: Point, origin: Point, *, relative: bool) -> Point:
    base = at if relative else origin
    if kind == "h":
        return Point(base.x + step[0], at.y)
    if kind == "v":
        return Point(at.x, base.y + step[0])
    return Point(base.x + step[-2], base.y + step[-1])


def _drawn(
    kind: str, step: Sequence[float], at: Point, base: Point, end: Point
) -> Iterator[Segment]:
    """One command: a straight line, a curve, or an arc as curves of a quarter at most."""
    if kind == "a":
        yield from _arc(at, end, step)
    elif kind == "c":
        first, second = (Point(base.x + step[i], base.y + step[i + 1]) for i in (0, 2))
        yield Segment(end, (first, second))
    elif kind == "q":
        corner = Point(base.x + step[0], base.y + step[1])
        yield Segment(end, (_between(at, corner, 2 / 3), _between(end, corner, 2 / 3)))
    else:
        yield Segment(end)


def _arc(start: Point, end: Point, step: Sequence[float]) -> Iterator[Segment]:
    """An arc of an ellipse whose axes lie across and down."""
    a, b, _, large, sweep = step[:5]
    if start == end or not a or not b:
        yield Segment(end)
        return
    # In units of its axes it is an arc of a circle.
    dx, dy = (end.x - start.x) / a / 2, (end.y - start.y) / b / 2
    half = sqrt(dx * dx + dy * dy)
    radius = max(1.0, half)
    away = sqrt(max(0.0, radius * radius - half * half)) / half
    side = 1 if bool(large) == bool(sweep) else -1
    cx, cy = start.x / a + dx + side * dy * away, start.y / b + dy - side * dx * away
    first = atan2(start.y / b - cy, start.x / a - cx)
    turn = atan2(end.y / b - cy, end.x / a - cx) - first
    if sweep and turn <= 0:
        turn += 2 * pi
    if not sweep and turn >= 0:
        turn -= 2 * pi
    count = max(1, ceil(abs(turn) / (pi / 2) - 1e-9))
    part = turn / count
    reach = 4 / 3 * tan(part / 4)

    def place(angle: float, ahead: float = 0.0) -> Point:
        across = cos(angle) - ahead * sin(angle)
        down = sin(angle) + ahead * cos(angle)
        return Point((cx + radius * across) * a, (cy + radius * down) * b)

    for n in range(count):
        one, other = first + n * part, first + (n + 1) * part
        last = end if n == count - 1 else place(other)
        yield Segment(last, (place(one, reach), place(other, -reach)))


def _between(a: Point, b: Point, share: float) -> Point:
    return Point(a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share)


def _on(a: Point, b: Point, c: Point, d: Point, share: float) -> Point:
    """A place on a curve."""
    ab, bc, cd = _between(a, b, share), _between(b, c, share), _between(c, d, share)
    return _between(_between(ab, bc, share), _between(bc, cd, share), share)


def _steps(kind: str, numbers: Sequence[float]) -> Iterator[Sequence[float]]:
    """The numbers of each repetition of a command."""
    each = {"h": 1, "v": 1, "q": 4, "c": 6, "a": 7}.get(kind, 2)
    for at in range(0, len(numbers), each):
        yield numbers[at : at + each]


_COMMAND = re.compile("([mhvlzaqcMHVLZAQC])([^mhvlzaqcMHVLZAQC]*)")
_NUMBER = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")
