"""A figure as cells that a leader may run through or not, and the cheapest way out of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from heapq import heappop, heappush
from itertools import pairwise
from math import ceil
from typing import NamedTuple

from llm_gallery.figure.kit.painting import extent
from llm_gallery.figure.kit.shapes import Bounds, Box, Line, Picture, Point, Shape, Text, flat

PAD = 2.5
"""Px of 12 px type that a leader keeps from what it passes."""
TIP, LEFT = 9.0, 500.0
"""Px of an arrow's last straight piece at least, and by which a way to the right side may be longer than to the left."""
TURN, CROSS, PANEL, ASIDE = 6, 14, 2, 0.2
"""Steps that a way may be longer by to save a turn, a cell of a line that it crosses, a cell of a panel, and a cell
that it begins away from the middle of a block's side."""
FORBIDDEN = 4000
"""The same of a cell that holds something: where there is no other way, one is drawn and a gate sees it."""
_ACROSS, _DOWN = 0, 1


class Way(NamedTuple):
    """From the edge of a block to the edge of the figure, on which side, and what it costs."""

    points: tuple[Point, ...]
    right: bool
    cost: float


class Door(NamedTuple):
    """A cell near a block: the way on from it, the place on the block's edge, and what it costs to come so far."""

    cell: int
    direction: int
    edge: Point
    cost: float


class Ground:
    """The cells of a figure: `unit` is 1 where its words are 12 px."""

    def __init__(self, picture: Picture, unit: float) -> None:
        self._size = (
            2.0 * unit if picture.width * picture.height < 400_000 * unit * unit else 4.0 * unit
        )
        self._wide = ceil(picture.width / self._size)
        self._high = ceil(picture.height / self._size)
        cells = self._wide * self._high
        self._closed, self._panel = bytearray(cells), bytearray(cells)
        self._leaders = bytearray(cells)
        self._lines = (bytearray(cells), bytearray(cells))  # those that run across, and down
        self._pad = PAD * unit
        self._tip = ceil(TIP * unit / self._size)
        self._left = LEFT * unit / self._size
        for shape in flat(picture):
            self._take(shape)

    def _take(self, shape: Shape) -> None:
        if isinstance(shape, Line):
            self.line(shape.points, closed=shape.kind == "leader")
        elif isinstance(shape, Text):
            self._mark(self._closed, shape.bounds, self._pad)
        elif isinstance(shape, Box):
            if shape.open and shape.form == "rect" and min(shape.width, shape.height) >= 24:
                if shape.fill is not None:
                    self._mark(self._panel, shape.bounds, 0)
                left, top, right, bottom = shape.bounds
                for y in (top, bottom):
                    self._mark(self._lines[_ACROSS], Bounds(left, y, right, y), self._pad)
                for x in (left, right):
                    self._mark(self._lines[_DOWN], Bounds(x, top, x, bottom), self._pad)
            else:
                self._mark(self._closed, shape.bounds, self._pad)
        elif shape.fill != "lens":
            self._mark(self._closed, extent(shape), self._pad)

    def line(self, points: Sequence[Point], *, closed: bool) -> None:
        """A line, which others cross at a cost, or never where it is closed."""
        for a, b in pairwise(points):
            bounds = Bounds(min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y))
            if closed:
                self._mark(self._closed, bounds, self._pad)
                self._mark(self._leaders, bounds, self._size)
            elif a.y == b.y or a.x == b.x:
                self._mark(self._lines[_ACROSS if a.y == b.y else _DOWN], bounds, self._pad)

    def _mark(self, cells: bytearray, bounds: Bounds, pad: float) -> None:
        size = self._size
        left = max(0, ceil((bounds.left - pad) / size - 0.5))
        right = min(self._wide - 1, int((bounds.right + pad) / size - 0.5))
        top = max(0, ceil((bounds.top - pad) / size - 0.5))
        bottom = min(self._high - 1, int((bounds.bottom + pad) / size - 0.5))
        if right < left:
            return
        row = b"\1" * (right - left + 1)
        for y in range(top, bottom + 1):
            at = y * self._wide
            cells[at + left : at + right + 1] = row

    def way(self, starts: Iterable[Bounds]) -> Way | None:
        """The cheapest way from the edge of one of some areas out of the figure."""
        wide, high = self._wide, self._high
        best: dict[int, float] = {}
        before: dict[int, int] = {}
        begun: dict[int, Point] = {}
        todo: list[tuple[float, float, int]] = []
        for area in starts:
            for cell, turned, edge, cost in self._doors(area):
                state = cell * 2 + turned
                if cost < best.get(state, 1e9):
                    best[state], begun[state] = cost, edge
                    heappush(todo, (cost + self._least(cell % wide), cost, state))
        steps = ((1, 0, _ACROSS), (-1, 0, _ACROSS), (0, 1, _DOWN), (0, -1, _DOWN))
        while todo:
            _, cost, state = heappop(todo)
            if cost > best[state]:
                continue
            cell, turned = divmod(state, 2)
            y, x = divmod(cell, wide)
            for dx, dy, direction in steps:
                to_x, to_y = x + dx, y + dy
                if not 0 <= to_y < high:
                    continue
                if not 0 <= to_x < wide:
                    if direction != turned:
                        continue
                    return Way(self._points(state, before, begun, right=dx > 0), dx > 0, cost)
                to = to_y * wide + to_x
                more = cost + self._cost(to, direction) + (TURN if direction != turned else 0)
                reached = to * 2 + direction
                if more < best.get(reached, 1e9):
                    best[reached], before[reached] = more, state
                    begun.pop(reached, None)
                    heappush(todo, (more + self._least(to_x), more, reached))
        return None

    def _least(self, x: int) -> float:
        """Steps to the nearer side at least."""
        return min(self._wide - x, x + self._left)

    def _cost(self, cell: int, direction: int) -> float:
        if self._closed[cell] or self._lines[direction][cell]:
            return FORBIDDEN
        crossed = CROSS if self._lines[1 - direction][cell] else 0
        return 1 + crossed + (PANEL if self._panel[cell] else 0)

    def _doors(self, area: Bounds) -> Iterator[Door]:
        """Ways out of an area, straight as far as an arrow's tip is long."""
        size, left, top, right, bottom = self._size, *area
        keep = min(3 * self._pad, (bottom - top) / 3, (right - left) / 3)
        for y in range(int(top / size), int(bottom / size) + 1):
            middle = (y + 0.5) * size
            if top + keep <= middle <= bottom - keep and y < self._high:
                far = abs(middle - (top + bottom) / 2) / size * ASIDE
                for edge, x, step in (
                    (right, ceil(right / size), 1),
                    (left, int(left / size) - 1, -1),
                ):
                    yield from self._door(Point(edge, middle), x, y, (step, 0), far)
        for x in range(int(left / size), int(right / size) + 1):
            middle = (x + 0.5) * size
            if left + keep <= middle <= right - keep and x < self._wide:
                far = abs(middle - (left + right) / 2) / size * ASIDE / 2
                for edge, y, step in (
                    (bottom, ceil(bottom / size), 1),
                    (top, int(top / size) - 1, -1),
                ):
                    yield from self._door(Point(middle, edge), x, y, (0, step), far)

    def _door(
        self, edge: Point, x: int, y: int, step: tuple[int, int], far: float
    ) -> Iterator[Door]:
        direction, own = _DOWN if step[1] else _ACROSS, ceil(self._pad / self._size)
        for at in range(max(self._tip, own + 1)):
            if not (0 <= x < self._wide and 0 <= y < self._high):
                return
            cell = y * self._wide + x
            far += self._cost(cell, direction) if at >= own or self._leaders[cell] else 1
            x, y = x + step[0], y + step[1]
        yield Door((y - step[1]) * self._wide + x - step[0], direction, edge, far)

    def _points(
        self, state: int, before: dict[int, int], begun: dict[int, Point], *, right: bool
    ) -> tuple[Point, ...]:
        """The corners from the block's edge to the figure's."""
        cells = [state]
        while cells[-1] not in begun:
            cells.append(before[cells[-1]])
        start, size = begun[cells[-1]], self._size
        points = [start]
        for each in reversed(cells):
            y, x = divmod(each // 2, self._wide)
            points.append(Point((x + 0.5) * size, (y + 0.5) * size))
        points.append(Point(self._wide * size if right else 0.0, points[-1].y))
        return corners(points)


def corners(points: Sequence[Point]) -> tuple[Point, ...]:
    """The points of a line at which it turns, and its ends."""
    found = [points[0]]
    for a, b in pairwise(points):
        if a == b:
            continue
        if len(found) > 1 and _straight(found[-2], found[-1], b):
            found.pop()
        found.append(b)
    return tuple(found)


def _straight(a: Point, b: Point, c: Point) -> bool:
    return a.x == b.x == c.x or a.y == b.y == c.y
