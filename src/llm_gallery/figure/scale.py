"""Models to one scale in order of release: as high as they are deep, as wide as they are wide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt

from llm_gallery.analysis.parameters import parameters
from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Architecture
from llm_gallery.figure import strip as strips
from llm_gallery.figure.blocks import Sheet, label
from llm_gallery.figure.heading import Heading
from llm_gallery.figure.legend import entries
from llm_gallery.figure.plan import Plan, plan
from llm_gallery.figure.shapes import About, Box, Line, Picture, Point
from llm_gallery.figure.strip import Strip
from llm_gallery.figure.text import cut, width
from llm_gallery.figure.theme import ThemeName
from llm_gallery.figure.write import svg

MARGIN, TOP = 40.0, 140.0
LAYER = 3.0
"""Px of a layer's height."""
WIDE = 96.0
"""Px of 8,192 numbers of width."""
SQUARE = 20e9
"""Parameters of a square of 10 by 10 px."""
SLOT = 150.0
"""Px from model to model at least."""
TITLE = "To scale"
SENTENCE = (
    "As high as the model has layers, as wide as its residual stream. "
    "Below, its parameters as an area, those that run for one token filled."
)

Models = Sequence[tuple[Architecture, Heading]]


@dataclass(frozen=True, slots=True)
class Tower:
    """A model with its measures."""

    shown: Plan
    heading: Heading
    released: date
    wide: float
    stored: int
    active: int

    @property
    def side(self) -> float:
        """Px of the square whose area its parameters are."""
        return 10 * sqrt(self.stored / SQUARE)


def scale(models: Models, *, theme: ThemeName = "light", embed_font: bool = True) -> str:
    """The figure as SVG text; models without a date are left out."""
    names = ", ".join(heading.name for _, heading in models)
    return svg(page(models), theme=theme, title=TITLE, description=names, embed_font=embed_font)


def page(models: Models) -> Picture:
    """The placed figure, the earliest model left."""
    towers = sorted(_towers(models), key=lambda tower: (tower.released, tower.heading.name))
    high = max((tower.shown.depth for tower in towers), default=0) * LAYER
    area = max((tower.side for tower in towers), default=0.0)
    ground = TOP + high + 34
    sheet = Sheet()
    sheet.put(label(MARGIN, 68, TITLE, size=34, weight=600, role="ink", tracking=-0.7))
    sheet.label(MARGIN, 98, SENTENCE, size=14, role="ink")
    right = MARGIN
    year = 0
    for tower in towers:
        slot = max(SLOT, tower.wide + 36, tower.side + 36)
        if tower.released.year != year:
            year = tower.released.year
            sheet.label(right, ground + 22, f"{year}", size=14, weight=600, role="ink")
        _tower(sheet, tower, right, ground)
        _area(sheet, tower, right, ground + 86, area)
        right += slot
    right = max(right, 1160.0)
    rule = (Point(MARGIN, ground), Point(right, ground))
    sheet.put(Line(points=rule, kind="rule", role="ink", thickness=1))
    bottom = ground + 86 + area + 76
    seen = {
        m
        for tower in towers
        for look in tower.shown.looks
        for m in (look.mixer, look.beside, look.channels)
        if m is not None
    }
    entries(sheet, seen, MARGIN, bottom)
    return sheet.picture(right + MARGIN, bottom + MARGIN)


def _towers(models: Models) -> list[Tower]:
    found = []
    for architecture, heading in models:
        if heading.released is None:
            continue
        root, counts = architecture.root, parameters(architecture.root)
        numbers = root.number("width") if "width" in root.facts else 1024
        wide = min(max(numbers * WIDE / 8192, 6.0), 400.0)
        found.append(
            Tower(plan(root), heading, heading.released, wide, counts.total, counts.active)
        )
    return found


def _tower(sheet: Sheet, tower: Tower, x: float, ground: float) -> None:
    depth = tower.shown.depth
    token = (tower.wide - 2) * 0.72
    place = Strip(
        left=x,
        bottom=ground,
        pitch=LAYER,
        gap=0.6,
        token=token,
        channel=tower.wide - 2 - token,
        depth=depth,
    )
    sheet.put(*strips.cells(tower.shown, place, joined=True))
    top = place.top - 8
    sheet.label(x, top, f"{depth:,}", size=11, tabular=True)
    name = cut(" ".join(tower.heading.name.split()) or "Unnamed model", SLOT - 12, 12, 600)
    about = About("", tower.heading.name, (("name", tower.heading.name),))
    sheet.put(label(x, ground + 42, name, size=12, weight=600, role="ink", about=about))
    when = f"{tower.released:%Y-%m}"
    sheet.label(x, ground + 58, when, size=11, tabular=True)


def _area(sheet: Sheet, tower: Tower, x: float, top: float, most: float) -> None:
    """A square of all parameters, filled from below by those that run for one token."""
    side, about = max(tower.side, 2.0), About("", f"{tower.stored:,} parameters")
    y = top + most - tower.side
    filled = side * tower.active / tower.stored if tower.stored else 0.0
    sheet.put(
        Box(
            x=x,
            y=y,
            width=side,
            height=side,
            radius=0,
            fill="embedding.tint",
            open=True,
            edge="embedding.edge",
            about=about,
        ),
        Box(
            x=x,
            y=y + side - filled,
            width=side,
            height=filled,
            radius=0,
            fill="embedding.solid",
            open=True,
            about=About("", f"{tower.active:,} run for one token"),
        ),
    )
    sheet.label(x, top + most + 20, short(tower.stored), size=12, weight=600, role="ink")
    if tower.active != tower.stored:
        after = x + width(short(tower.stored), 12, 600) + 6
        sheet.label(after, top + most + 20, f"{short(tower.active)} active", size=11)
