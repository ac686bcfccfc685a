"""The residual stream as it is drawn: one line or several, and the signs by which branches read and write it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from llm_gallery.figure.kit.blocks import Node, Sheet, pill
from llm_gallery.figure.kit.shapes import About, Box, Mark, Point
from llm_gallery.figure.kit.signs import STREAM, dot, stream_line
from llm_gallery.figure.kit.svg import number
from llm_gallery.plan.stream import Stream

MOST = 8
"""Lines that are drawn at most, however many streams there are."""
SPREAD = 19.0
"""Px from the first line to the last at most."""
BAR, MIX, DOT = 15.0, 22.0, 3.4
"""Px that a bar across the streams is high, the crossing in which they mix, and a sign of reading."""


def line_count(stream: Stream) -> int:
    """How many lines stand for it."""
    return min(stream.count, MOST)


def line_thickness(stream: Stream) -> float:
    """Px of a line in a frame and in the tower."""
    return 3.0 if line_count(stream) == 1 else 2.0 if line_count(stream) <= 4 else 1.25


def line_places(stream: Stream, x: float, gap: float = 5.0) -> tuple[float, ...]:
    """Where the lines stand about x."""
    last = line_count(stream) - 1
    pitch = min(gap, SPREAD / last) if last else 0.0
    return tuple(x + (i - last / 2) * pitch for i in range(line_count(stream)))


def earlier_places(stream: Stream, x: float) -> tuple[float, ...]:
    """Where thin lines stand for the sums of earlier layers, left of the running one."""
    return (x - 18, x - 14.5, x - 11) if stream.saved_every else ()


def run(
    sheet: Sheet,
    across: Sequence[float],
    thickness: float,
    start: float,
    end: float,
    stops: Sequence[tuple[float, float]] = (),
    *,
    arrow: bool = False,
) -> None:
    """The lines from `start` up to `end`, each left out where something stands on it."""
    high = 9.0 if arrow and len(across) > 1 else 0.0
    for x in across:
        at = start
        for below, above in stops:
            line(sheet, x, at, below, thickness=thickness)
            at = above
        line(sheet, x, at, end + high, thickness=thickness, arrow=arrow and not high)
    if high:
        wide = across[-1] - across[0] + 9
        path = f"m{wide / 2:g} {high + 1:g}h{-wide:g}l{wide / 2:g} {-high - 1:g}z"
        middle = (across[0] + across[-1]) / 2
        sheet.put(Mark(middle, end, path, fill="stream"))


def line(
    sheet: Sheet,
    x: float,
    start: float,
    end: float,
    *,
    thickness: float = STREAM,
    arrow: bool = False,
) -> None:
    """One upright piece of a line."""
    sheet.put(stream_line(Point(x, start), Point(x, end), thickness=thickness, arrow=arrow))


def bar(
    sheet: Sheet, across: Sequence[float], y: float, sign: str, about: About | None = None
) -> Node:
    """A bar across the lines: a dot on each that is read, a plus on each that is written."""
    box = _around(across, y, BAR)
    x, wide = box.x + BAR / 2, box.width - BAR
    ground = [
        Mark(x, y, f"h{wide:g}", width=wide, stroke=role, thickness=thick, round=True, about=answer)
        for role, thick, answer in (("stream", BAR + 1.5, about), ("paper", BAR - 1.5, None))
    ]
    each = "h4m-2 -2v4" if sign == "+" else f"h{DOT:g}"
    back = (2.0, -2.0) if sign == "+" else (DOT, 0.0)
    steps = [f"m{b - a - back[0]:g} {back[1]:g}" for a, b in pairwise(across)]
    path = each + "".join(step + each for step in steps)
    half = 2.0 if sign == "+" else DOT / 2
    thick = 1.0 if sign == "+" else DOT
    mark = Mark(across[0] - half, y, path, stroke="stream", thickness=thick)
    return sheet.add(Node(box, (*ground, mark)))


def reads(
    sheet: Sheet,
    stream: Stream,
    place: Point,
    source: Point | None,
    lane: float,
    about: About | None = None,
    *,
    small: bool = False,
) -> tuple[Point, ...]:
    """The way of a branch from where it reads: a dot, a bar across several lines, or another block's output.

    `source` is where that output is, which comes by a `lane` at the right.
    """
    (x, y), gap = place, 4.0 if small else 5.0
    if source is not None:
        sheet.put(dot(*source, radius=2.5 if small else 3.0))
        return source, Point(lane, source.y), Point(lane, y)
    if line_count(stream) == 1 and not stream.saved_every:
        sheet.put(dot(x, y, "stream", 3.5 if small else 4.25))
        return (place,)
    return (
        bar(sheet, (*earlier_places(stream, x), *line_places(stream, x, gap)), y, "", about).right,
    )


def _around(across: Sequence[float], y: float, high: float) -> Box:
    """What stands across the lines."""
    left, right = across[0] - 6.5, across[-1] + 6.5
    return Box(left, y - high / 2, right - left, high)


def crossing(sheet: Sheet, across: Sequence[float], y: float) -> Node:
    """Every line meets every other: how streams mix with weights of a square matrix."""
    box = _around(across, y, MIX)
    (left, top, *_), wide = box.bounds, box.width
    path = f"h{wide:g}v{MIX:g}h{-wide:g}z"
    ground = Mark(left, top, path, width=wide, height=MIX, fill="paper", stroke="stream")
    ground = replace(ground, thickness=1.5)
    path, count = "", len(across)
    for shift in range(0, count, 2):
        # Up to one line's place and down to the next one's, round and round.
        at = across[0]
        for index in range(count):
            up, down = across[(index + shift) % count], across[(index + 1) % count]
            path += f"l{number(up - at)} {-MIX:g} {number(down - up)} {MIX:g}"
            at = down
    mark = Mark(across[0], y + MIX / 2, path, stroke="flow", thickness=0.75)
    return sheet.add(Node(box, (ground, mark)))


def scaling(sheet: Sheet, x: float, y: float, about: About | None = None) -> Node:
    """A shift and a scale for each channel, on the line."""
    return sheet.add(pill(x, y, "scaled", "norm", wide=50, high=20, size=11, about=about))
