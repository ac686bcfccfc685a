"""Lines as path data: right angles with rounded corners and arrow tips, in steps of a tenth of a pixel.

Steps are relative and whole in tenths, so that they are short and no rounding adds up on the way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from llm_gallery.figure.kit.shapes import Line, Point

CORNER = 60
"""Tenths of a pixel of a corner's radius."""
THIN, HEAD = 1.25, 6.4
"""Px of a wire whose width isn't shown, and by which a tip is wider than its wire."""
Place = tuple[int, int]
"""Tenths of a pixel, across and down."""
Moved = tuple[Line, float, float]
"""A line, and what moves it to its place in the whole."""


def courses(lines: Iterable[Moved]) -> str:
    """Lines as one path, each from its first point to its last, or to where its tip begins."""
    drawn: list[str] = []
    at: Place | None = None
    for line, dx, dy in lines:
        points = [(round(10 * (x + dx)), round(10 * (y + dy))) for x, y in line.points]
        if line.arrow:
            points[-1] = _toward(points[-2], points[-1], tip_size(line)[0] - 12)
        corner = max(CORNER, round(7 * line.thickness))
        drawn += (_move(at, points[0]), *_course(points, corner))
        at = points[-1]
    return "".join(drawn)


def _course(points: Sequence[Place], corner_radius: int) -> Iterator[str]:
    at = points[0]
    last = len(points) - 2
    for i in range(1, len(points) - 1):
        before, corner, after = points[i - 1 : i + 2]
        # A corner takes half of a side at most, but the whole of one that ends there.
        come = _length(before, corner) if i == 1 else _length(before, corner) // 2
        leave = _length(corner, after) if i == last else _length(corner, after) // 2
        radius = min(corner_radius, come, leave)
        entry, out = _toward(at, corner, radius), _toward(after, corner, radius)
        yield _step(at, entry)
        yield _curve(entry, corner, out)
        at = out
    yield _step(at, points[-1])


def tips(lines: Iterable[Moved]) -> str:
    """The arrow tips of lines as one path."""
    drawn: list[str] = []
    at: Place | None = None
    for line, dx, dy in lines:
        start, end = _place(line.points[-2], dx, dy), _place(line.points[-1], dx, dy)
        far, half = tip_size(line)
        if start[0] == end[0]:
            down = far if start[1] > end[1] else -far
            sides = f"l{_said(half)}{_then(down)}h{_said(-2 * half)}z"
        else:
            right = far if start[0] > end[0] else -far
            sides = f"l{_said(right)}{_then(half)}v{_said(-2 * half)}z"
        drawn += (_move(at, end), sides)
        at = end
    return "".join(drawn)


def joined(pieces: Iterable[tuple[float, float, str]]) -> str:
    """Pieces of path data as one, each with where it starts, and where it ends if it closes."""
    drawn: list[str] = []
    at: Place | None = None
    for x, y, piece in pieces:
        start = (round(10 * x), round(10 * y))
        drawn += (_move(at, start), piece)
        at = start if piece.endswith("z") and "m" not in piece else None
    return "".join(drawn)


@lru_cache(maxsize=1 << 12)
def terse(path: str) -> str:
    """Path data without what says nothing: noughts around a number, a blank before a minus, a first move nowhere."""
    path = _NOUGHTS.sub(r"\1", path)
    return _BARE.sub("", path.replace(" -", "-")).removeprefix("m0 0")


_NOUGHTS = re.compile(r"(\.\d*?)0+(?!\d)")
"""Those at the end of decimals, with the digits before them."""
_BARE = re.compile(r"\.(?!\d)|(?<![\d.])0(?=\.\d)")
"""A point with no decimals, and the nought before one that has some."""


def _move(at: Place | None, end: Place) -> str:
    """To where a piece starts: from where the last one ended, if that is known and shorter."""
    whole = f"M{_said(end[0])}{_then(end[1])}"
    if at is None:
        return whole
    step = f"m{_said(end[0] - at[0])}{_then(end[1] - at[1])}"
    return step if len(step) <= len(whole) else whole


def tip_size(line: Line) -> tuple[int, int]:
    """Tenths of a pixel that a tip is long, and half of those that it is wide."""
    if line.kind == "stream":
        return 100, 48
    if line.thickness <= THIN:
        return 65, 30
    return round(60 + 3.2 * line.thickness), round(5 * (line.thickness + HEAD))


def radius(line: Line) -> float:
    """Px of the radius that each corner of a line has room for, at most that of all lines."""
    sides = [_length(_place(a, 0, 0), _place(b, 0, 0)) for a, b in pairwise(line.points)]
    inner = [side // 2 for side in sides[1:-1]]
    return min(max(CORNER, round(7 * line.thickness)), sides[0], sides[-1], *inner) / 10


def _place(point: Point, dx: float, dy: float) -> Place:
    return round(10 * (point.x + dx)), round(10 * (point.y + dy))


@lru_cache(maxsize=1 << 14)
def _said(tenths: int) -> str:
    whole, part = divmod(abs(tenths), 10)
    sign = "-" if tenths < 0 else ""
    return f"{sign}{whole}.{part}" if part else f"{sign}{whole}"


@lru_cache(maxsize=1 << 14)
def _then(tenths: int) -> str:
    """A number after another one: a minus parts them already."""
    return _said(tenths) if tenths < 0 else f" {_said(tenths)}"


def _length(a: Place, b: Place) -> int:
    return abs(a[0] - b[0]) + abs(a[1] - b[1])


def _toward(start: Place, end: Place, far: int) -> Place:
    """The place that lies `far` before the end on the way from the start."""
    if start[0] == end[0]:
        return end[0], end[1] + (far if start[1] > end[1] else -far)
    return end[0] + (far if start[0] > end[0] else -far), end[1]


def _step(a: Place, b: Place) -> str:
    x, y = b[0] - a[0], b[1] - a[1]
    if x and y:
        return f"l{_said(x)}{_then(y)}"
    return f"h{_said(x)}" if x else f"v{_said(y)}" if y else ""


def _curve(entry: Place, corner: Place, out: Place) -> str:
    steps = [end[axis] - entry[axis] for end in (corner, out) for axis in (0, 1)]
    return f"q{_said(steps[0])}{''.join(map(_then, steps[1:]))}"
