"""The first panel: a token picks its row of the table, and the row enters the stream."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from itertools import product

from llm_gallery.architecture.block import Architecture
from llm_gallery.figure.kit.blocks import Node, Settings, Sheet, hero, pill
from llm_gallery.figure.kit.shapes import About, Box, Mark, Point
from llm_gallery.figure.kit.signs import filled, stream_line
from llm_gallery.figure.kit.text import width
from llm_gallery.figure.steps.step import MARGIN, WIDE, Step, run
from llm_gallery.mechanisms import title
from llm_gallery.mechanisms.colour import TABLES
from llm_gallery.plan.outer_blocks import outer_blocks
from llm_gallery.plan.outer_stops import Stop, before

TEXT = ("river", "runs", "to", "the")
ROWS, COLUMNS, PICKED = 8, 12, 4
SHADES = (0, 2, 1, 3, 0, 2, 3, 1, 2, 0, 3, 2)
TONES = ("lens", "norm.edge", "muted", "ink")
"""An illustration: words, a table so large, and the numbers in the row of the last word."""
PITCH = 12.0
RIGHT = MARGIN + COLUMNS * PITCH + 6
"""Where the row ends."""


def row_of_numbers(architecture: Architecture) -> Step:
    """How many rows the table has, how many numbers a row, and what is done with them before the first layer."""
    located = outer_blocks(architecture.root).embedding
    facts = ("vocabulary", "width")
    rows, wide = (None if located is None else located[1].value(fact) for fact in facts)
    picks = f"The last token picks its row of the *{rows:,}* in the table"
    picks = picks if rows else "It picks its row"
    numbers = f": *{wide:,}* numbers" if wide else ""
    stops = [words for stop in before(architecture.root) if (words := _said(stop))]
    words = " ".join((f"{picks}{numbers}.", *stops))
    about = None if located is None else About(located[0], title(located[1]))
    return Step("A row of numbers", partial(_draw, about), words, _enters)


def _said(stop: Stop) -> str:
    """What happens to the row before the first layer."""
    if stop.sort == "scalar":
        return f"They are multiplied by *{stop.factor}*."
    if stop.sort == "positions":
        return "A row for its *position* is added."
    if stop.sort == "segments":
        return "A row for its *segment* is added."
    return "Rows for its *n-grams* are added." if stop.sort == "tables" else ""


def _draw(about: About | None, sheet: Sheet, y: float) -> float:
    """Tokens of a text, the last one dark, and the table, which answers, with its row outlined."""
    chips = _text(sheet, y + 12)
    top = y + 46
    picked = top + PICKED * PITCH
    wide, high, every = RIGHT - MARGIN, PITCH + 6, range(COLUMNS)
    row = Box(MARGIN, picked - 4, wide, high, radius=4, edge="ink", line=2, open=True)
    _squares(sheet, top, PICKED, every, "lens")
    _squares(sheet, picked + PITCH, ROWS - PICKED - 1, every, "lens")
    if about is not None:
        sheet.put(Box(MARGIN, top - 4, wide, ROWS * PITCH + 6, radius=4, open=True, about=about))
    sheet.put(row)
    for shade, tone in enumerate(TONES):
        _squares(sheet, picked, 1, [c for c in every if SHADES[c] == shade], tone)
    turn = chips.bottom.x
    sheet.wire(chips.bottom, Point(turn, picked), Point(RIGHT, picked))
    low = top + ROWS * PITCH
    sheet.label(MARGIN + 2, low + 17, TABLES, size=13)
    return low + 20


def _text(sheet: Sheet, y: float) -> Node:
    """The words; gives the last one back."""
    x = MARGIN
    for index, word in enumerate(TEXT):
        wide = width(word, 13, 600) + 16
        settings: Settings = {"wide": wide, "high": 24.0, "size": 13.0}
        make = hero if index == len(TEXT) - 1 else pill
        node = sheet.add(make(x + wide / 2, y, word, TABLES, **settings))
        x += wide + 5
    return node


def _squares(sheet: Sheet, top: float, rows: int, columns: Iterable[int], tone: str) -> None:
    """Numbers of one shade, in some columns of so many rows, as one path."""
    places = ((column * PITCH, row * PITCH) for row, column in product(range(rows), columns))
    path, wide, high = filled(places, PITCH - 2), COLUMNS * PITCH, rows * PITCH
    sheet.put(Mark(MARGIN + 4, top, path, width=wide, height=high, fill=tone))


def _enters(sheet: Sheet, low: float, line: float) -> None:
    """The row leaves the table and turns into the stream, which begins here."""
    row, x = low - 20 - (ROWS - PICKED) * PITCH + 9, RIGHT + 12
    sheet.put(stream_line(Point(RIGHT, row), Point(x, row), Point(x, line)))
    run(sheet, line, x, WIDE, x + 24)
