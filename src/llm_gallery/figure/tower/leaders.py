"""Leaders from a tower's blocks to their call-outs: none crosses another, and each passes under the wires."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Box, Line, Point
from llm_gallery.figure.tower.branches import Port

NEAR = 0.5
"""Px under which a leader goes straight on."""


def lanes(ways: Sequence[tuple[float, float]], left: float, right: float) -> list[float]:
    """Where each turns, of leaders from a height to a height, both from the top down.

    Of several that go down, the lowest turns first, of several that go up the highest: so none crosses another.
    """
    up = [i for i, (start, end) in enumerate(ways) if end < start - NEAR]
    down = [i for i, (start, end) in reversed([*enumerate(ways)]) if end > start + NEAR]
    most = max(len(up), len(down), 1)
    found = [left] * len(ways)
    for group in (up, down):
        for turn, i in enumerate(group):
            found[i] = left + (right - left) * (turn + 1) / (most + 1)
    return found


def leader(
    sheet: Sheet, port: Port, way: Iterable[tuple[float, float]], role: str, thick: float
) -> None:
    """From a port along points; both ends have a dot, and wires that it meets stand over it."""
    start = port.at
    points = [start]
    if port.below:
        points.append(Point(start.x, start.y + port.below))
    for place in way:
        at = Point(*place)
        if abs(at.x - points[-1].x) + abs(at.y - points[-1].y) > NEAR:
            points.append(at)
    wires = [s for s in sheet.shapes if isinstance(s, Line) and s.kind in ("flow", "stream")]
    with sheet.group("leader", "leader", "Leader"):
        for piece in _under(points, wires):
            sheet.put(Line(points=tuple(piece), kind="leader", role=role, thickness=thick))
        r = thick * 1.55
        for end in (points[0], points[-1]):
            sheet.put(Box(end.x - r, end.y - r, 2 * r, 2 * r, form="circle", fill=role, open=True))


def _under(points: Sequence[Point], wires: Iterable[Line]) -> Iterator[list[Point]]:
    """The pieces of a way between the wires that it crosses."""
    held = [points[0]]
    segments = [(pair, wire.thickness) for wire in wires for pair in pairwise(wire.points)]
    for a, b in pairwise(points):
        level = a.y == b.y
        met = []
        for (p, q), thick in segments:
            if level and p.x == q.x and _between(p.x, a.x, b.x) and _between(a.y, p.y, q.y):
                met.append((abs(p.x - a.x), p.x, thick))
            elif not level and p.y == q.y and _between(p.y, a.y, b.y) and _between(a.x, p.x, q.x):
                met.append((abs(p.y - a.y), p.y, thick))
        for _, where, thick in sorted(met):
            away = thick / 2 + max(2.0, thick)
            forward = 1 if (b.x if level else b.y) > (a.x if level else a.y) else -1
            stop, go = where - forward * away, where + forward * away
            yield [*held, Point(stop, a.y) if level else Point(a.x, stop)]
            held = [Point(go, a.y) if level else Point(a.x, go)]
        held.append(b)
    yield held


def _between(value: float, one: float, other: float) -> bool:
    return min(one, other) < value < max(one, other)
