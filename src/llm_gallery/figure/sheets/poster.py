"""The poster: every model with its strip and the wiring of a layer, in families along the tree, under one legend.

Cards and families' names are cells of one grid, so that the sheet has no holes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from math import ceil, log
from typing import NamedTuple

from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Architecture
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.shapes import About, Picture
from llm_gallery.figure.kit.text import width
from llm_gallery.figure.page import description
from llm_gallery.figure.page.depth_strip import depth_strip
from llm_gallery.figure.sheets.discs import size
from llm_gallery.figure.sheets.families import Family, families
from llm_gallery.figure.sheets.family_title import family_title
from llm_gallery.figure.sheets.poster_head import HEAD, poster_head
from llm_gallery.figure.sheets.small_frame import least, small_frame
from llm_gallery.figure.strip import strip
from llm_gallery.plan.heading import Heading, Models
from llm_gallery.plan.one_layer import layers_of
from llm_gallery.plan.plan import OneLayer, Plan
from llm_gallery.plan.planning import plan

MARGIN, CARD, GUTTER = 80.0, 244.0, 24.0
NAMES, STRIP = 44.0, 50.0
"""Px of a card's name and origin, and of its strip."""
FRAME = 196.0
"""Px of a layer's frame at least; more where a model needs it, so that all are of one height."""
BELOW = 30.0
"""Px between rows."""
RATIO = 1.414
"""Height to width that the sheet comes near to: that of paper."""
FEWEST = 3
"""Cells across at least."""
TOKEN, CHANNEL = 21.0, 8.0
NAME = (17.0, 16.0, 15.0, 14.0, 13.0, 12.5, 12.0, 11.5, 11.0, 10.5)


class Cell(NamedTuple):
    """A place of the grid: a family's name, so many cells wide, or one of its models."""

    family: Family
    model: tuple[Architecture, Heading] | None
    wide: int = 1


def poster(models: Models, *, title: str = "LLM Architecture Gallery") -> Drawing:
    """The poster as a drawing: each model once, in families in the order of the tree."""
    found = families(models)
    count = len(models) + len(found)
    tall = _height(models)
    across = min(range(FEWEST, count + FEWEST + 1), key=lambda many: _off(many, count, tall))
    wide = 2 * MARGIN + across * (CARD + GUTTER) - GUTTER
    sheet = Sheet()
    top = poster_head(sheet, title, len(models), len(found), MARGIN, wide - 2 * MARGIN)
    at = 0
    for cell in _cells(found, across):
        x = MARGIN + at % across * (CARD + GUTTER)
        y = top + at // across * (tall + BELOW)
        if cell.model is None:
            room = cell.wide * (CARD + GUTTER) - GUTTER
            sheet.hold(x, y, family_title(cell.family, room, tall))
        else:
            sheet.hold(x, y, _card(*cell.model, tall))
        at += cell.wide
    rows = ceil(at / across)
    high = top + rows * (tall + BELOW) - BELOW + MARGIN
    return Drawing(sheet.picture(wide, max(high, HEAD)), title, description.models(models))


def _off(across: int, count: int, tall: float) -> float:
    """How far a sheet of so many cells across is from the sides of paper."""
    wide = 2 * MARGIN + across * (CARD + GUTTER) - GUTTER
    high = HEAD + ceil(count / across) * (tall + BELOW) - BELOW + MARGIN
    return abs(log(high / wide / RATIO))


def _cells(found: Sequence[Family], across: int) -> list[Cell]:
    """Every family's name and models; so many names are two cells wide that the last row is full."""
    wide = wide_names([1 + len(family.members) for family in found], across)
    return list(_laid(found, wide))


def wide_names(sizes: Sequence[int], across: int) -> frozenset[int]:
    """Which families' names are two cells wide: those that fill the last row, none over the end of a row.

    Where a name stands follows from how many before it are wide, so one choice for each number is enough.
    None where no choice fills the row.
    """
    choices, before = {0: frozenset[int]()}, 0
    for index, cells in enumerate(sizes):
        wider = {
            many + 1: chosen | {index}
            for many, chosen in choices.items()
            if (before + many) % across + 2 <= across
        }
        choices = wider | choices  # the first names are wide where any may be
        before += cells
    return choices.get(-before % across, frozenset())


def _laid(found: Sequence[Family], wide: Collection[int]) -> Iterator[Cell]:
    for index, family in enumerate(found):
        yield Cell(family, None, 2 if index in wide else 1)
        for member in family.members:
            yield Cell(family, (member.architecture, member.heading))


def _height(models: Models) -> float:
    """Px of a card: what the fullest frame needs."""
    plans = [plan(architecture.root) for architecture, _ in models]
    needed = (least(one, shown.stream, CARD) for shown in plans for one in _commonest(shown))
    return NAMES + STRIP + ceil(max(FRAME, *needed, FRAME))


def _commonest(shown: Plan) -> list[OneLayer]:
    """The wiring that most layers have; of no layers, none."""
    return sorted(layers_of(shown.root), key=lambda one: -one.layers)[:1]


def _card(architecture: Architecture, heading: Heading, tall: float) -> Picture:
    """Name, origin and size; the strip; the wiring of one layer."""
    sheet, shown = Sheet(), plan(architecture.root)
    about = About("", heading.name, (("name", heading.name),))
    when = "" if heading.released is None else f"{heading.month[:3]} {heading.released.year}"
    sheet.label(CARD, 15, when, size=12, anchor="end")
    room = CARD - (width(when, 12) + 10 if when else 0)
    sheet.fitted(0, 15, heading.line, room, NAME, weight=600, role="ink", about=about)
    count = size(parameters(architecture.root))
    sheet.label(CARD, 34, count, size=11.5, role="ink", anchor="end", weight=500)
    room = CARD - width(count, 11.5, 500) - 8
    sheet.fitted(0, 34, heading.maker, room, (12.0, 11.5, 11.0, 10.5, 10.0))
    depth_strip(
        sheet,
        architecture.root,
        shown,
        CARD,
        NAMES,
        token=TOKEN,
        channel=CHANNEL,
        joined=strip.LARGEST,
    )
    top = NAMES + STRIP
    for one in _commonest(shown):
        sheet.hold(0, top, small_frame(one, shown.stream, CARD, tall - top))
    return sheet.picture(CARD, tall)
