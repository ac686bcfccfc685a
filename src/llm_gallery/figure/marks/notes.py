"""Sentences beside a figure, each with an arrow to its part; none covers anything, and no two arrows cross."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

from llm_gallery.figure.kit.shapes import Bounds, Box, Line, Picture, Point, Shape, Text
from llm_gallery.figure.kit.text import Span
from llm_gallery.figure.marks.ground import FORBIDDEN, Ground, Way, corners
from llm_gallery.figure.marks.written import widest, written

SIZE = 14.0
"""Px of a note's type where most of the figure's words are 12 px; all else grows with it."""
COLUMN, ROOMY, LEADING = 190.0, 260.0, 1.32
"""Px across a note, across the notes of a figure that has long ones, and lines of its type from one to the next."""
LONG = 150
"""Characters from which a note is long."""
OUT, LANE, BAR, APART = 10.0, 7.0, 9.0, 16.0
"""Px from the figure to the first lane, between lanes, from a bar to its words, and between notes."""
TRIES = 24
"""Orders of notes that are tried."""


@dataclass(frozen=True, kw_only=True)
class Note:
    """A sentence in lines, and the way from its part out of the figure."""

    lines: tuple[str, ...]
    way: Way
    unit: float

    @property
    def high(self) -> float:
        """Px from its top to its bottom."""
        return (len(self.lines) * LEADING + 0.3) * SIZE * self.unit

    @property
    def leaves(self) -> float:
        """The height at which its arrow crosses the edge of the figure."""
        return self.way.points[-1].y


@dataclass(frozen=True, kw_only=True)
class Margins:
    """Shapes beside a figure, in its coordinates, and the px that they need at its left, its right and its bottom."""

    shapes: tuple[Shape, ...]
    left: float
    right: float
    bottom: float


def margins(picture: Picture, said: Sequence[tuple[str, Sequence[Bounds]]], unit: float) -> Margins:
    """The notes of a picture: what each says, and the areas of which it means the one that is reached best."""
    if not said:
        return Margins(shapes=(), left=0, right=0, bottom=0)
    room = (ROOMY if any(len(words) > LONG for words, _ in said) else COLUMN) * unit
    ways = _ways(picture, [areas for _, areas in said], unit)
    size = SIZE * unit
    notes = [
        Note(lines=written(words, room, size), way=way, unit=unit)
        for (words, _), way in zip(said, ways, strict=True)
    ]
    shapes = list[Shape]()
    needed, bottom = {True: 0.0, False: 0.0}, 0.0
    for right in (True, False):
        column = sorted((n for n in notes if n.way.right is right), key=lambda n: n.leaves)
        if not column:
            continue
        tops = _tops(column, picture.height, unit)
        bottom = max(bottom, tops[-1] + column[-1].high - picture.height)
        lanes = _lanes(column, tops, unit)
        edge = (OUT + LANE * (max(lanes) + 1)) * unit
        wide = max(widest(note.lines, size) for note in column)
        needed[right] = edge + (2 * BAR + 4) * unit + wide
        for note, top, lane in zip(column, tops, lanes, strict=True):
            bar = picture.width + edge if right else -edge
            turn = (OUT + LANE * lane) * unit
            shapes += _drawn(note, top, bar, picture.width + turn if right else -turn)
    return Margins(shapes=tuple(shapes), left=needed[False], right=needed[True], bottom=bottom)


def _ways(picture: Picture, held: Sequence[Sequence[Bounds]], unit: float) -> list[Way]:
    """A way for each, in the order in which they cost least together: a way that stands is no other's."""
    best, cost = list[Way](), float("inf")
    for order, _ in zip(permutations(range(len(held))), range(TRIES), strict=False):
        ground, found = Ground(picture, unit), dict[int, Way]()
        for at in order:
            way = ground.way(held[at])
            if way is None:
                raise AssertionError("a block has no way out of its figure")
            found[at] = way
            ground.line(way.points, closed=True)
        total = sum(way.cost for way in found.values())
        if total < cost:
            best, cost = [found[at] for at in range(len(held))], total
        if cost < FORBIDDEN:
            break
    return best


def _tops(column: Sequence[Note], high: float, unit: float) -> list[float]:
    """Each note as near to its arrow as it goes: pushed apart once down, once up."""
    tops, at = list[float](), 0.0
    for note in column:
        tops.append(max(at, note.leaves - note.high / 2))
        at = tops[-1] + note.high + APART * unit
    low = max(high, sum(note.high + APART * unit for note in column) - APART * unit)
    for i in range(len(column) - 1, -1, -1):
        tops[i] = min(tops[i], low - column[i].high)
        low = tops[i] - APART * unit
    return tops


def _meets(note: Note, top: float) -> float:
    """Where its arrow leaves its bar: at the height at which it enters the figure, if the bar is there."""
    edge = min(4 * note.unit, note.high / 2)
    return min(max(note.leaves, top + edge), top + note.high - edge)


def _lanes(column: Sequence[Note], tops: Sequence[float], unit: float) -> list[int]:
    """In which lane each arrow turns: of those that go up the upper ones first, of those that go down the lower ones."""
    found = [0] * len(column)
    at = 0
    for i, (note, top) in enumerate(zip(column, tops, strict=True)):
        if _meets(note, top) < note.leaves:
            found[i], at = at, at + 1
    at = 0
    for i in range(len(column) - 1, -1, -1):
        if _meets(column[i], tops[i]) > column[i].leaves:
            found[i], at = at, at + 1
    return found


def _drawn(note: Note, top: float, bar: float, turn: float) -> Iterator[Shape]:
    """Its bar, its lines and its arrow."""
    unit, right, size = note.unit, note.way.right, SIZE * note.unit
    side = 1 if right else -1
    thick = 1.8 * unit
    left = bar - thick / 2
    yield Box(left, top, thick, note.high, radius=thick / 2, fill="ink", open=True)
    base = top + size * 1.12
    for at, line in enumerate(note.lines):
        yield Text(
            x=bar + side * BAR * unit,
            y=base + at * LEADING * size,
            spans=(Span(line),),
            size=size,
            role="ink",
            anchor="start" if right else "end",
        )
    meets = _meets(note, top)
    points = (
        Point(bar, meets),
        Point(turn, meets),
        Point(turn, note.leaves),
        *reversed(note.way.points),
    )
    yield Line(points=corners(points), kind="leader", role="ink", thickness=1.5 * unit, arrow=True)
