"""A recipe and who follows it: a row a follower in order of time, a column a concept, and what each has besides.

Plain data in, a drawing out: what became of a concept is for `lineage` to say (`catalog.followers_sheet` joins both).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.shapes import About, Box, Line, Point
from llm_gallery.figure.kit.text import Weight, width, wrap
from llm_gallery.figure.sheets.title_block import MARGIN, title_block
from llm_gallery.mechanisms.colour import Colour

State = Literal["kept", "partly", "replaced", "dropped"]

DATE, NAME, COLUMN, KEPT, NEW = 86.0, 236.0, 88.0, 68.0, 350.0
"""Px across of the date, the name with whom it follows, a concept, the count, and what is new."""
HEAD, ROW, LEADING = 34.0, 42.0, 14.0
"""Px of the headings over their names, of a row at least, and between lines of what is new."""
MOST_LINES = 4
DOT = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A concept of the recipe; `apart` says that it set the recipe apart when it came."""

    id: str
    name: str
    area: str
    colour: Colour
    apart: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """What became of a concept, and what stands in its place or in how many layers it is."""

    state: State
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A follower: whom it follows and by what evidence, a cell a concept, and what it has besides."""

    id: str
    name: str
    copies: str  # of the same design, briefly
    day: str
    follows: str
    resembles: bool
    cells: tuple[Cell, ...]
    kept: int
    new: str


def followers(columns: Sequence[Column], rows: Sequence[Row], *, title: str) -> Drawing:
    """The matrix as a drawing; each name carries `data-model`."""
    sheet = Sheet()
    title_block(sheet, title, SENTENCE)
    y = _heads(sheet, columns, 146.0)
    wide = _left(columns, len(columns)) + KEPT + NEW + MARGIN
    for row in rows:
        sheet.rule(Point(MARGIN, y), Point(wide - MARGIN, y))
        y = _row(sheet, columns, row, y)
    sheet.rule(Point(MARGIN, y), Point(wide - MARGIN, y))
    _key(sheet, y + 34)
    said = " ".join(f"{row.name} keeps {row.kept} of {len(columns)}." for row in rows)
    return Drawing(sheet.picture(wide, y + 34 + MARGIN), title, said)


SENTENCE = "What each follower did with every concept of the recipe, in order of time."


def _left(columns: Sequence[Column], index: int) -> float:
    """Where a column begins."""
    return MARGIN + DATE + NAME + index * COLUMN


def _heads(sheet: Sheet, columns: Sequence[Column], y: float) -> float:
    """Areas over a line each, under them the concepts; those that set the recipe apart in ink."""
    at = 0
    for area, group in groupby(columns, key=lambda column: column.area):
        count = len(list(group))
        left, right = _left(columns, at) + 4, _left(columns, at + count) - 4
        titles = wrap(area, right - left, 11, 400, 2)
        sheet.lines(left, y - LEADING * (len(titles) - 1), titles, LEADING, size=11)
        sheet.rule(Point(left, y + 6), Point(right, y + 6))
        at += count
    for index, column in enumerate(columns):
        centre = _left(columns, index) + COLUMN / 2
        weight: Weight = 600 if column.apart else 400
        for line, words in enumerate(wrap(column.name, COLUMN - 6, 11, weight, 3)):
            role = "ink" if column.apart else "muted"
            x, below = centre, y + 24 + 14 * line
            sheet.label(x, below, words, size=11, weight=weight, role=role, anchor="middle")
    sheet.label(_left(columns, len(columns)) + KEPT / 2, y + 24, "kept", size=11.5, anchor="middle")
    sheet.label(_left(columns, len(columns)) + KEPT, y + 24, "new", size=11.5)
    lines = max(len(wrap(one.name, COLUMN - 6, 11, 600, 3)) for one in columns)
    return y + HEAD + LEADING * lines


def _row(sheet: Sheet, columns: Sequence[Column], row: Row, y: float) -> float:
    """One follower; the y under it."""
    new = wrap(row.new, NEW, 11.5, 400, MOST_LINES)
    high = max(ROW, 2 * 14 + LEADING * (len(new) - 1))
    middle = y + high / 2
    sheet.label(MARGIN, middle - 3, row.day, size=11.5, tabular=True)
    about = About("", "", (("model", row.id),))
    x, room = MARGIN + DATE, NAME - 16
    name = sheet.fitted(
        x, middle - 3, row.name, room, (13, 12, 11), weight=600, role="ink", about=about
    )
    if row.copies:
        beside = name.bounds.right + 6
        sheet.fitted(beside, middle - 3, row.copies, x + room + 8 - beside, (10.5,))
    sheet.fitted(x, middle + 12, row.follows, room, (10.5,))
    if row.resembles:
        points = (Point(MARGIN, middle + 8.5), Point(MARGIN + DATE - 14, middle + 8.5))
        sheet.put(Line(points=points, role="muted", thickness=1.25, dashed=True))
    for index, (column, cell) in enumerate(zip(columns, row.cells, strict=True)):
        _cell(sheet, column, cell, Point(_left(columns, index) + COLUMN / 2, middle))
    end = _left(columns, len(columns))
    kept = f"{row.kept} of {len(columns)}"
    sheet.label(end + KEPT / 2, middle + 4, kept, size=11.5, role="ink", anchor="middle")
    top = middle + 4 - LEADING * (len(new) - 1) / 2
    sheet.lines(end + KEPT, top, new, LEADING, size=11.5, role="ink")
    return y + high


def _cell(sheet: Sheet, column: Column, cell: Cell, at: Point) -> None:
    """A full dot, an empty one with the layers under it, what stands in the place, or a dash."""
    if cell.state == "kept":
        sheet.put(_dot(at, f"{column.colour}.solid", None))
    elif cell.state == "partly":
        sheet.put(_dot(Point(at.x, at.y - 7), None, f"{column.colour}.solid"))
        sheet.label(at.x, at.y + 13, cell.words, size=10.5, anchor="middle")
    elif cell.state == "dropped":
        sheet.label(at.x, at.y + 4, "–", size=12, anchor="middle")
    else:
        lines = wrap(f"→ {cell.words}", COLUMN - 6, 10.5, 500, 2)
        top = at.y + 4 - 6.5 * (len(lines) - 1)
        for index, words in enumerate(lines):
            low = top + 13 * index
            sheet.label(at.x, low, words, size=10.5, weight=500, role="ink", anchor="middle")


def _dot(at: Point, fill: str | None, edge: str | None) -> Box:
    form = 2 * DOT
    return Box(at.x - DOT, at.y - DOT, form, form, form="circle", fill=fill, edge=edge, line=1.75)


def _key(sheet: Sheet, y: float) -> None:
    """What the signs mean."""
    x = MARGIN
    for shape, words in _signs(y):
        if isinstance(shape, str):
            sheet.label(x + DOT, y, shape, size=12, role="ink", anchor="middle")
        else:
            sheet.put(_dot(Point(x + DOT, y - 4), *shape))
        sheet.label(x + 2 * DOT + 8, y, words, size=12)
        x += 2 * DOT + 8 + width(words, 12) + 26
    points = (Point(x, y - 4), Point(x + 36, y - 4))
    sheet.put(Line(points=points, role="muted", thickness=1.25, dashed=True))
    sheet.label(x + 44, y, "resembles, by measure alone; all others descend by evidence", size=12)


def _signs(y: float) -> Iterator[tuple[tuple[str | None, str | None] | str, str]]:
    yield ("full.solid", None), "kept"
    yield (None, "full.solid"), "kept in fewer than half of the layers"
    yield "→", "replaced by"
    yield "–", "dropped"
