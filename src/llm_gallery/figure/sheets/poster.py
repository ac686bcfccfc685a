"""The poster: cards of many models on one sheet, under a title, with the legend of their colours."""

from __future__ import annotations

from dataclasses import replace
from math import ceil, sqrt

from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Architecture
from llm_gallery.figure.heading import Heading, Models
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.shapes import About, Point
from llm_gallery.figure.kit.text import width
from llm_gallery.figure.page import description, overview
from llm_gallery.figure.plan.planning import plan
from llm_gallery.figure.sheets.discs import size
from llm_gallery.figure.sheets.legend import entries
from llm_gallery.mechanisms.colour import Colour

MARGIN, CARD, GUTTER = 80.0, 280.0, 56.0
HEAD = 56.0
"""Px of name and origin above a card."""
ROW = HEAD + overview.HEIGHT + 48
RATIO = 1.414
"""Height to width that the sheet comes near to: that of paper."""


def poster(models: Models, *, title: str = "LLM Architecture Gallery") -> Drawing:
    """The poster as a drawing: models in the order given, row by row."""
    across = max(3, ceil(sqrt(len(models) * ROW / (CARD + GUTTER) / RATIO)))
    wide = 2 * MARGIN + across * (CARD + GUTTER) - GUTTER
    sheet = Sheet()
    sheet.fitted(MARGIN, 132, title, wide - 2 * MARGIN, (64.0,), weight=600, role="ink")
    noun = "model" if len(models) == 1 else "models"
    about = f"{len(models):,} {noun}: layers from first (below) to last, what mixes tokens, what works on each token"
    sheet.fitted(MARGIN, 172, about, wide - 2 * MARGIN, (18.0,))
    top = 240.0
    seen: set[Colour] = set()
    inside = []
    for index, (architecture, heading) in enumerate(models):
        x = MARGIN + index % across * (CARD + GUTTER)
        y = top + index // across * ROW
        _head(sheet, architecture, heading, x, y)
        inside.append(
            (Point(x, y + HEAD), overview.overview(architecture, plan(architecture.root), CARD))
        )
        seen |= plan(architecture.root).mechanisms
    bottom = top + ceil(len(models) / across) * ROW
    entries(sheet, seen, MARGIN, bottom)
    picture = replace(sheet.picture(wide, bottom + MARGIN), inside=tuple(inside))
    return Drawing(picture, title, description.models(models))


def _head(sheet: Sheet, architecture: Architecture, heading: Heading, x: float, y: float) -> None:
    count = size(parameters(architecture.root))
    about = About("", heading.name, (("name", heading.name),))
    sheet.fitted(x, y + 12, heading.line, CARD, (17.0,), weight=600, role="ink", about=about)
    sheet.label(x + CARD, y + 32, count, size=12, role="ink", anchor="end", weight=500)
    when = "" if heading.released is None else f"{heading.month[:3]} {heading.released.year}"
    origin = ", ".join(filter(None, (heading.organization, when)))
    sheet.fitted(x, y + 32, origin, CARD - width(count, 12, 500) - 14, (12.0,))
    sheet.rule(Point(x, y + 42), Point(x + CARD, y + 42))
