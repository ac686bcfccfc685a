"""The way from one model to another: one below the other, each with its date and what it changed in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.shapes import About, Line, Point
from llm_gallery.figure.kit.text import wrap
from llm_gallery.figure.sheets.discs import Relative, disc, key, radius, size
from llm_gallery.figure.sheets.legend import entries
from llm_gallery.figure.sheets.title_block import MARGIN

WIDE = 920.0
TRUNK, TEXT = 152.0, 186.0
"""Px from the left to the discs and to what is said beside them."""
ROOM = WIDE - TEXT - MARGIN
SIZE, LEADING = 13.0, 19.0
MOST_LINES = 14
GAP = 26.0
"""Px between two models."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A model on the way, and what changed from the one before; empty for the first."""

    model: Relative
    words: str
    alike: bool = False  # whether it only resembles the one before


def descent_path(stops: Sequence[Stop], *, title: str) -> Drawing:
    """The way as a drawing; each disc and name carries `data-model`."""
    sheet = Sheet()
    sheet.fitted(MARGIN, 66, title, WIDE - 2 * MARGIN, (30.0,), weight=600, role="ink")
    y, centres = 116.0, []
    for stop in stops:
        centres.append(Point(TRUNK, y))
        y = _stop(sheet, stop, y) + GAP
    for (before, above), (after, below) in zip(
        zip(stops, centres, strict=True), zip(stops[1:], centres[1:], strict=True), strict=False
    ):
        start = Point(TRUNK, above.y + radius(before.model.total))
        end = Point(TRUNK, below.y - radius(after.model.total))
        sheet.put(Line(points=(start, end), role="stream", thickness=2.0, dashed=after.alike))
    for stop, centre in zip(stops, centres, strict=True):
        sheet.put(*disc(stop.model, centre))
    key(sheet, MARGIN, y + 14)
    entries(sheet, {stop.model.mechanism for stop in stops}, MARGIN, y + 44)
    sentences = " ".join(stop.words for stop in stops).strip() or title
    return Drawing(sheet.picture(WIDE, y + 44 + MARGIN), title, sentences)


def _stop(sheet: Sheet, stop: Stop, y: float) -> float:
    """Date, name, size and sentence of a model; the y of its last line."""
    model = stop.model
    sheet.label(MARGIN, y + 4.5, model.released.isoformat(), size=12, tabular=True)
    about = About("", "", (("model", model.id),))
    name = sheet.fitted(TEXT, y + 5, model.name, 400, (15.0,), weight=600, role="ink", about=about)
    origin, x = f"{model.organization}, {size(model)}", name.bounds.right + 12
    sheet.fitted(x, y + 5, origin, WIDE - MARGIN - x, (12.0,))
    words = wrap(stop.words, ROOM, SIZE, lines=MOST_LINES)
    return sheet.lines(TEXT, y + LEADING + 6, words, LEADING, size=SIZE, role="ink") - 6
