"""Where a leader leaves a frame: from a block, along a row that nothing else takes, to the frame's right edge."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from llm_gallery.figure.kit.painting import extent, overlap
from llm_gallery.figure.kit.shapes import Bounds, Box, Line, Mark, Picture, Point, Shape, Text, flat

NEAR, TEXT = 2.0, 2.5
"""Px from a leader to a block's edge, and to words, at least."""
UP = (3.0, 5.0, 7.0, 9.0, 11.0, 13.0, 15.0, 18.0, 21.0, 24.0, 28.0, 32.0, 36.0, 40.0)
"""Px over or under a block to a row that may be free."""
ACROSS = (0.5, 0.36, 0.64, 0.22, 0.78)
"""Shares of a block's height at which a leader may leave its right edge."""
INWARD = (12.0, 22.0, 6.0)
"""Px from a block's right corner to where a leader may leave above or below."""
ROW, ABOVE, END = 4.0, 40.0, 8.0
"""Px from row to row that may be free, over the highest bar to the last, and under the frame to the streams' end."""
BADGE, APART = 9.0, (15.0, 18.0, 21.0, 26.0)
"""Px from a number's middle that are free round it, and from it to its block."""
ENOUGH = 2
"""Ways out that are tried of each side."""


class Way(NamedTuple):
    """From a block to the frame's right edge, or `down` to its lower one."""

    points: tuple[Point, ...]
    down: bool = False


class Spot(NamedTuple):
    """The middle of a place for a number, and whether that is on the block itself."""

    at: Point
    inside: bool = False


class Start(NamedTuple):
    """A block, the right edge of its frame, the ways out, and where a number may stand beside it."""

    path: str
    box: Bounds
    edge: float
    ways: tuple[Way, ...]
    beside: Callable[[], Iterable[Spot]] = tuple


class _Taken(NamedTuple):
    """What a leader may not run through, and the lines that it may not cross."""

    boxes: tuple[Bounds, ...]
    lines: tuple[Bounds, ...]

    def right_of(self, x: float) -> _Taken:
        """What of it reaches further right."""
        return _Taken(*(tuple(one for one in held if one.right > x - NEAR) for held in self))

    def free(self, points: Sequence[Point], own: Bounds) -> bool:
        """Whether a way is free, the block aside that it leaves."""
        for a, b in pairwise(points):
            here = Bounds(min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y))
            if any(overlap(here, box) for box in self.boxes if not _within(box, own)):
                return False
            if any(overlap(here, line, -NEAR) for line in self.lines):
                return False
        return True


class Wanted(NamedTuple):
    """The paths of what a plate shows, and whether that is how branches read and write the stream."""

    paths: Set[str]
    wiring: bool = False


def starts(at: Point, frame: Picture, wanted: Sequence[Wanted]) -> list[list[Start]]:
    """For each set of paths the blocks of a frame that have one of them, with their ways out."""
    shapes = flat(frame, at.x, at.y)
    around = Bounds(at.x, at.y, at.x + frame.width, at.y + frame.height)
    taken = _taken(shapes)
    blocks = [*_blocks(shapes)]
    groups = [shape.bounds for shape in shapes if isinstance(shape, Box) and _groups(shape)]
    found = []
    for paths, wiring in wanted:
        if wiring:
            bars = [*_bars(shapes, paths)]
            found.append([_of_streams(shapes, bars, around, taken)] if bars else [])
            continue
        own = [block for block in blocks if block.path in paths]
        found.append([*_grouped(own, blocks, groups, around, taken)])
    return found


def whole(at: Point, frame: Picture) -> Start:
    """The frame itself, for what is of all of a layer: from its right edge, anywhere."""
    box, edge = Bounds(at.x, at.y, at.x + frame.width, at.y + frame.height), at.x + frame.width
    rows = (at.y + 26 + 12 * row for row in range(int((frame.height - 40) / 12)))
    return Start("", box, edge, tuple(Way((Point(edge, y),)) for y in rows))


def _grouped(
    own: Sequence[_Block],
    blocks: Sequence[_Block],
    groups: Sequence[Bounds],
    frame: Bounds,
    taken: _Taken,
) -> Iterator[Start]:
    """Blocks that stand by turns in one border and have one plate leave it as one."""
    seen, told = set[Bounds](), set[str]()
    paths = {block.path for block in own}
    for path, box, whole in own:
        listed = whole if whole != box else None
        around = listed or next((one for one in groups if _within(box, one)), None)
        inside = [block.path for block in blocks if around and _within(block.box, around)]
        start = around if around is not None and paths.issuperset(inside) else box
        if start not in seen and path not in told:
            seen.add(start)
            told.add(path)
            ways = _out(start, whole if start == box else start, frame, taken)
            yield Start(
                path, start, frame.right, tuple(ways), partial(_beside, start, frame, taken)
            )


class _Block(NamedTuple):
    """A block by its path, where it stands, and all of the list of which it is a line."""

    path: str
    box: Bounds
    whole: Bounds


def _blocks(shapes: Iterable[Shape]) -> Iterator[_Block]:
    """Blocks by their paths: boxes, and lines of a list."""
    listed = set[str]()
    for shape in shapes:
        if shape.about is None or not shape.about.path or shape.about.path in listed:
            continue
        if isinstance(shape, Box) and not shape.open:
            yield _Block(shape.about.path, shape.bounds, shape.bounds)
        elif isinstance(shape, Text) and shape.inside is not None:
            left, _, right, _ = shape.inside
            box = Bounds(left, shape.y - 14, right, shape.y + 6)
            listed.add(shape.about.path)
            yield _Block(shape.about.path, box, shape.inside)


def _bars(shapes: Iterable[Shape], paths: Set[str]) -> Iterator[tuple[str, Bounds]]:
    """Where a branch reads the streams, or writes to them."""
    for shape in shapes:
        if isinstance(shape, Mark) and shape.about is not None and shape.about.path in paths:
            yield shape.about.path, extent(shape)


def _of_streams(
    shapes: Sequence[Shape], bars: Sequence[tuple[str, Bounds]], frame: Bounds, taken: _Taken
) -> Start:
    """From the stream that is furthest right, as near to a bar as a row is free, or from its lower end."""
    across = (s.points[0].x for s in shapes if isinstance(s, Line) and s.kind == "stream")
    path, first = bars[-1]
    x = max(x for x in across if x < first.right)
    low = min(bar.top for _, bar in bars)
    ways, free = [Way((Point(x, frame.bottom + END),), down=True)], 0.0
    for y in (low - ABOVE + ROW * row for row in range(int((frame.bottom - low + ABOVE) / ROW))):
        if y > free + 2 * ROW and taken.free(
            (Point(x + NEAR + 1, y), Point(frame.right, y)), first
        ):
            ways.append(Way((Point(x, y), Point(frame.right, y))))
            free = y
    return Start(path, first, frame.right, tuple(ways), partial(_near, first, frame, taken))


def _near(bar: Bounds, frame: Bounds, taken: _Taken) -> Iterator[Spot]:
    """Free places for a number right of the streams, the nearest to a bar first."""
    rows = (bar.top + ROW * row * side for row in range(90) for side in (1, -1))
    for at in (Point(bar.right + 14, y) for y in rows if frame.top + 60 < y < frame.bottom - 20):
        if not any(overlap(_disc(at), other) for other in (*taken.boxes, *taken.lines)):
            yield Spot(at)


def _disc(at: Point) -> Bounds:
    return Bounds(at.x - BADGE, at.y - BADGE, at.x + BADGE, at.y + BADGE)


def _groups(box: Box) -> bool:
    return box.open and box.dashed


def _taken(shapes: Iterable[Shape]) -> _Taken:
    boxes: list[Bounds] = []
    lines: list[Bounds] = []
    for number, shape in enumerate(shapes):
        if isinstance(shape, Line):
            for a, b in pairwise(shape.points):
                lines.append(Bounds(min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y)))
        elif isinstance(shape, Text):
            boxes.append(_grown(shape.bounds, TEXT))
        elif isinstance(shape, Mark):
            boxes.append(_grown(extent(shape), 1.0))
        elif not shape.open or (shape.ground and number):
            boxes.append(_grown(shape.bounds, NEAR))
    return _Taken(tuple(boxes), tuple(lines))


def _out(box: Bounds, whole: Bounds, frame: Bounds, taken: _Taken) -> Iterator[Way]:
    """To the right, else over or under what stands there, or straight down."""
    edge, high, taken = frame.right, box.bottom - box.top, taken.right_of(box.right - max(INWARD))
    found = 0
    for share in ACROSS:
        y = box.top + share * high
        points = Point(box.right, y), Point(edge, y)
        if found < ENOUGH and taken.free(points, whole):
            found += 1
            yield Way(points)
    if box != whole:  # a line of a list
        return
    for x in (box.right - inward for inward in INWARD):
        straight = Point(x, box.bottom), Point(x, frame.bottom)
        if taken.free(straight, box):
            yield Way(straight, down=True)
            break
    for level, side in ((box.top, -1.0), (box.bottom, 1.0)):
        found = 0
        for up in UP:
            for inward in INWARD:
                x, y = box.right - inward, level + side * up
                turned = Point(x, level), Point(x, y), Point(edge, y)
                if taken.free(turned, box):
                    found += 1
                    yield Way(turned)
                    break
            if found == ENOUGH:
                break


def _beside(box: Bounds, frame: Bounds, taken: _Taken) -> Iterator[Spot]:
    """Free places for a number: left, right, over and under a block, else on it beside its words."""
    left, top, right, bottom = box
    middle = (top + bottom) / 2
    aside = [Point(x, middle) for by in APART for x in (left - by, right + by)]
    level = [y for by in APART for y in (top - by, bottom + by)]
    corners = [
        Point(x, y) for y in level for x in (left + 9, right - 9, left + 26, right - 26, right - 4)
    ]
    for at in (*aside, *corners):
        around = _disc(at)
        if _inside(around, frame) and not any(
            overlap(around, other) for other in (*taken.boxes, *taken.lines)
        ):
            yield Spot(at)
    others = [other for other in taken.boxes if not _within(box, other)]
    for x in (left + BADGE, right - BADGE):
        for y in (middle, top + BADGE, bottom - BADGE):
            around = Bounds(x - BADGE + 1, y - BADGE + 1, x + BADGE - 1, y + BADGE - 1)
            if _inside(around, frame) and not any(overlap(around, other) for other in others):
                yield Spot(Point(x, y), inside=True)


def _inside(disc: Bounds, frame: Bounds) -> bool:
    """Whether a number stands wholly in its frame, none of its edges under it."""
    across = frame.left < disc.left and disc.right < frame.right
    return across and frame.top < disc.top and disc.bottom < frame.bottom


def _grown(box: Bounds, by: float) -> Bounds:
    return Bounds(box.left - by, box.top - by, box.right + by, box.bottom + by)


def _within(inner: Bounds, outer: Bounds) -> bool:
    return (
        inner.left >= outer.left - NEAR - 0.1
        and inner.top >= outer.top - NEAR - 0.1
        and inner.right <= outer.right + NEAR + 0.1
        and inner.bottom <= outer.bottom + NEAR + 0.1
    )
