"""A part as a picture of counts beside its branch: kept, added and removed squares, and what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from llm_gallery.analysis.units import binary, grouped, short
from llm_gallery.comparison.change import Kind, kind_of
from llm_gallery.comparison.compare import Comparison
from llm_gallery.figure.difference.change_signs import arrow, sign
from llm_gallery.figure.difference.compared_parts import Row
from llm_gallery.figure.difference.quantities import Quantity, caption, quantity
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Box, Mark, Point
from llm_gallery.figure.kit.signs import area, square, squares
from llm_gallery.figure.kit.text import Span, Weight, cut, width
from llm_gallery.mechanisms import MIXING, colour_of

WIDE, PAD = 298.0, 14.0
ACROSS = WIDE - 2 * PAD
GRID, GROWN = 72.0, 40.0
"""Px of height for squares and their counts, and how much more they may take."""
SIDES = (13.0, 12.0, 11.0, 10.0, 9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0)
APART = 18.0
"""Px between what is kept and what isn't."""
LINE = 19.0


@dataclass(frozen=True, slots=True)
class Fitted:
    """Squares that fit: their side, the gap between them, and how many stand above one another."""

    side: float
    gap: float
    high: int


@dataclass(frozen=True, slots=True)
class Line:
    """A consequence of one part: what it is, before and after."""

    name: str
    old: str | None
    new: str | None
    kind: Kind


@dataclass(frozen=True, slots=True)
class InsetContents:
    """What an inset says of a row of two models."""

    row: Row
    title: str
    old: Quantity | None
    new: Quantity | None
    lines: tuple[Line, ...]

    @property
    def high(self) -> float:
        """Px of its height at least."""
        return self._high(GRID)

    def _high(self, grid: float) -> float:
        return 38 + self._used(grid) + 12 + LINE * len(self.lines) + 6

    def _used(self, grid: float) -> float:
        """Px that squares or bars take."""
        fitted = self.fitted(grid - 22)
        if fitted is None:
            return 44.0 if self.old and self.new and not self.same else 24.0
        return 22 + fitted.high * (fitted.side + fitted.gap)

    @property
    def same(self) -> bool:
        """Whether both models have the number."""
        return None not in (self.old, self.new) and _number(self.old) == _number(self.new)

    def grid(self, room: float) -> float:
        """Px of height for squares where the whole may be so high: they grow with it."""
        free = room - self._high(GRID) + self._used(GRID)
        return max(self._used(GRID), min(GRID + GROWN, free))

    def high_in(self, room: float) -> float:
        """Px of its height where it may be so high; it leaves no narrow rest."""
        high = self._high(self.grid(room))
        return room if room - high < 24 else high

    def fitted(self, grid: float) -> Fitted | None:
        """The squares for a grid of that height; None where the number is drawn as a bar."""
        if not MIXING[self.row.shown.kind].quantity.squares:
            return None
        return _fitted([count for count, _ in _groups(self)], ACROSS, grid)


def contents(row: Row, comparison: Comparison) -> InsetContents:
    """Decides what the inset says."""
    old, new = (
        None if part is None else quantity(model, part)
        for model, part in zip(comparison.models, row.parts, strict=True)
    )
    return InsetContents(row, caption(row.shown), old, new, tuple(_lines(old, new)))


def _lines(old: Quantity | None, new: Quantity | None) -> list[Line]:
    ran, runs = (None if one is None else one.runs or None for one in (old, new))
    lines = [Line("of the experts run", ran, runs, kind_of(ran, runs))]
    lines.append(_counted("parameters", _of(old, "stored"), _of(new, "stored")))
    cached = [_of(one, "cached") for one in (old, new)]
    if any(cached):
        lines.append(_counted("cache per token", *cached, size=True))
    state = [_of(one, "state") for one in (old, new)]
    if any(state):
        lines.append(_counted("state, at any length", *state, size=True))
    return [line for line in lines if line.old or line.new]


def _of(one: Quantity | None, name: str) -> int | None:
    return None if one is None else getattr(one, name)


def _counted(name: str, old: int | None, new: int | None, *, size: bool = False) -> Line:
    spell = binary if size else short
    words = [None if one is None else spell(one) for one in (old, new)]
    if old != new and words[0] == words[1] and old is not None and new is not None:
        words = [grouped(old), grouped(new)]
    return Line(name, words[0], words[1], kind_of(old, new))


def put(sheet: Sheet, inset: InsetContents, left: float, top: float, room: float) -> None:
    """The inset in its place, with so much height to take."""
    high = inset.high_in(room)
    colour = colour_of(inset.row.shown.block)
    fill, edge = f"{colour}.tint", f"{colour}.edge"
    sheet.put(Box(left, top, WIDE, high, radius=8, fill=fill, edge=edge, open=True))
    sheet.put(square(left + PAD, top + 15, f"{colour}.solid"))
    note = _note(inset)
    beside = ACROSS - 16 - width(note, 11.5) - 12
    at, role = Point(left + PAD + 16, top + 23.5), f"{colour}.text"
    sheet.fitted(*at, inset.title, beside, (13.0,), weight=600, role=role)
    sheet.label(left + WIDE - PAD, top + 23.5, note, anchor="end")
    y, fitted = top + 38, inset.fitted(inset.grid(room) - 22)
    if fitted is not None:
        y = _counts(sheet, inset, left + PAD, y, fitted)
    else:
        y = _bars(sheet, inset, left + PAD, y, ACROSS)
    y += 12
    for line in inset.lines:
        _put_line(sheet, line, left + PAD, y + 10, ACROSS)
        y += LINE


def _note(inset: InsetContents) -> str:
    old, new = inset.old, inset.new
    if old is None or new is None:
        return f"{_number(old or new)}"
    return f"{_number(old)}" if old.number == new.number else f"{_number(old)} → {_number(new)}"


def _number(one: Quantity | None) -> str:
    return "" if one is None else f"{one.number:,}"


def _put_line(sheet: Sheet, line: Line, x: float, y: float, room: float) -> None:
    sheet.put(sign(x + 5, y - 4, line.kind))
    x, end = x + 17, x + room
    if line.old is not None:
        sheet.label(x, y, line.old, size=12)
        x += width(line.old, 12)
    if line.old is not None and line.kind == "changed":
        sheet.put(arrow(x + 5, y - 4))
        x += 22
    if line.new is not None and line.kind != "kept":
        sheet.label(x, y, line.new, size=12, weight=600, role="ink")
        x += width(line.new, 12, 600)
    sheet.label(x + 7, y, cut(line.name, end - x - 7, 11.5))


Group = tuple[int, Kind]


def _groups(inset: InsetContents) -> list[Group]:
    old = inset.old.number if inset.old else 0
    new = inset.new.number if inset.new else 0
    shared = min(old, new)
    groups: list[Group] = [(shared, "kept"), (new - shared, "added"), (old - shared, "removed")]
    return [group for group in groups if group[0]]


def _counts(sheet: Sheet, inset: InsetContents, x: float, y: float, fitted: Fitted) -> float:
    """Squares under their counts."""
    colour, groups = colour_of(inset.row.shown.block), _groups(inset)
    side, gap, high = fitted.side, fitted.gap, fitted.high
    end = y + 22 + high * (side + gap)
    for count, kind in groups:
        words = (Span(f"{count:,}", 600, role="ink"), f" {kind}")
        shift = 0.0
        if kind != "kept":
            sheet.put(sign(x + 5, y + 7, kind))
            shift = 15.0
        sheet.label(x + shift, y + 11, words, size=12)
        columns = ceil(count / high)
        sheet.put(_grid(x, y + 21, count, high, side, gap, f"{colour}.solid"))
        if kind == "removed":
            ground = f"{colour}.tint"
            sheet.put(_grid(x + 1, y + 22, count, high, side - 2, gap + 2, ground))
        x += max(columns * (side + gap), shift + width(words, 12)) + APART
    return end


def _fitted(counts: Sequence[int], room: float, tall: float) -> Fitted | None:
    """Squares as large as fit; a little smaller ones where those make full rectangles."""
    fitting: list[Fitted] = []
    for side in SIDES:
        gap = 2.0 if side >= 7 else 1.0
        for high in range(1, int((tall + gap) / (side + gap)) + 1):
            columns = [max(ceil(count / high) * (side + gap), 76) for count in counts]
            if sum(columns) + APART * (len(counts) - 1) <= room:
                fitting.append(Fitted(side, gap, high))
    full = [f for f in fitting if not any(count % f.high for count in counts)]
    return next((f for f in full if f.side >= 0.6 * fitting[0].side), next(iter(fitting), None))


def _grid(x: float, y: float, count: int, high: int, side: float, gap: float, role: str) -> Mark:
    """So many squares in columns so high, of which the last may be lower."""
    columns, rest = divmod(count, high)
    pitch = side + gap
    wide = [columns + (row < rest) for row in range(high)]
    rows = [(0.0, row * pitch, many * pitch - gap) for row, many in enumerate(wide) if many]
    return squares(x, y, rows, role, side=side, gap=gap)


def _bars(sheet: Sheet, inset: InsetContents, x: float, y: float, room: float) -> float:
    """A bar a model, to one scale."""
    colour = colour_of(inset.row.shown.block)
    drawn = [(one, tone) for one, tone in ((inset.old, "edge"), (inset.new, "solid")) if one]
    drawn = drawn[1:] if inset.same else drawn
    most = max((one.number for one, _ in drawn), default=1) or 1
    long = room - 70
    for one, tone in drawn:
        end, fill = long * one.number / most, f"{colour}.{tone}"
        title = f"{inset.title}: {one.number:,}"
        sheet.put(replace(area(x, y + 3, max(1.0, end), 12, fill, title), radius=2.0))
        weight: Weight = 600 if tone == "solid" else 400
        role = "ink" if tone == "solid" else "muted"
        number = f"{one.number:,}"
        sheet.label(x + end + 8, y + 13, number, size=12, weight=weight, role=role)
        y += 20
    return y + 4
