"""The figure for a column, 800 px wide: strip, what leads across, one layer beside the next mechanism, the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import NamedTuple

from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Architecture
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Picture
from llm_gallery.figure.layout import costs, layout
from llm_gallery.figure.layout.drawn import Drawn
from llm_gallery.figure.layout.items import Item, items
from llm_gallery.figure.layout.layout import Ground
from llm_gallery.figure.layout.packing import GUTTER, Column
from llm_gallery.figure.layout.stacking import Parts, stacked
from llm_gallery.figure.lead import hero_plate
from llm_gallery.figure.lead.content import content
from llm_gallery.figure.lead.hero_plate import Form
from llm_gallery.figure.page import description, footer, sign_key
from llm_gallery.figure.page import head as heads
from llm_gallery.figure.page.headline import COLUMN
from llm_gallery.figure.strip import depth_band
from llm_gallery.plan.heading import Heading
from llm_gallery.plan.plan import Plan

WIDTH, MARGIN = 800.0, 40.0
ROOM = WIDTH - 2 * MARGIN
HALF = (ROOM - GUTTER) / 2
SLACK = 40.0
"""Px that a column may end lower for pictures and sentences of its insets."""
EMPTY = 3.0
"""How much worse empty ground is than height."""
UNDER = 14.0
"""Px from the strip to what leads, less than to columns."""


class Telling(NamedTuple):
    """What stands across the page over the columns, what they hold, and what stands across under them."""

    over: Sequence[Picture]
    columns: layout.Columns
    under: Sequence[Picture]

    @property
    def empty(self) -> bool:
        """Whether an area looks so."""
        return any(costs.looks_empty(*area) for area in self.columns.empty)

    @property
    def cost(self) -> float:
        """Empty ground and height."""
        ground = sum(wide * high for wide, high in self.columns.empty)
        bottom = self.columns.layout.bottom + _high(self.under)
        return costs.cost_of_height(EMPTY * ground, bottom, -bottom)


def _high(pictures: Sequence[Picture]) -> float:
    return sum(GUTTER + one.height for one in pictures)


def _tellings(drawn: Drawn, y: float) -> Iterator[Telling]:
    """What leads with its wiring; and, where that leaves an area empty, in two other ways.

    Its picture alone with the wiring in a column, or beside the frame with the wiring under both.
    """
    leads = drawn.page.leads
    first = list(_telling(drawn, y, None if leads is None else hero_plate.forms(leads)[0]))
    yield from first
    if leads is not None and leads.wiring is not None and all(one.empty for one in first):
        yield from _telling(drawn, y, "apart")
        yield from _telling(drawn, y, None)


def _telling(drawn: Drawn, y: float, form: Form | None) -> Iterator[Telling]:
    """What leads in a form, or as one of the insets; a mixture, which shows an expert across, in either place."""
    page, leads, over = drawn.page, drawn.page.leads, list[Picture]()
    wired = leads is None or form != "apart" or leads.wiring is None
    held = [item.bare for item in items(page.plan, leads, page.second, wired=wired)]
    held += [Item(None, layers=one) for one in page.layers[1:]]
    under = []
    if leads is not None and form is None:
        held.insert(0, Item(None, replace(leads, unwired=True)))
        under = [Item(leads.wiring, new=leads.is_new)]
    elif leads is not None and form is not None:
        over.append(hero_plate.picture(leads, ROOM, form))
        if not wired and not held[0].fits(HALF):  # what leads shows it under itself
            over.append(_across(drawn, held.pop(0)))
    ways = [(True, False) if item.mixes_experts else (True,) for item in held]
    for beside in product(*ways):
        parted = [one and item.fits(HALF) for one, item in zip(beside, held, strict=True)]
        inside = [item for item, one in zip(held, parted, strict=True) if one]
        outside = [item for item, one in zip(held, parted, strict=True) if not one]
        top = y + _high(over) - (GUTTER - UNDER if over else 0.0) + 34
        left, right = Column(MARGIN, HALF, top), Column(MARGIN + HALF + GUTTER, HALF, top)
        if not inside:  # the frame alone takes all the width, where nothing can stand beside it
            if any(item.fits(HALF) for item in held):
                continue
            left, right = left._replace(width=ROOM), right._replace(width=0.0)
        found = layout.columns(drawn, Ground(left, right, ((HALF, HALF),), SLACK), inside)
        yield Telling(over, found, [_across(drawn, item) for item in (*outside, *under)])


def _across(drawn: Drawn, item: Item) -> Picture:
    sized = drawn.sized(item, ROOM)
    return sized.stretched(sized.height)


def column(architecture: Architecture, heading: Heading, plan: Plan) -> Picture:
    """The whole figure."""
    page = content(architecture, heading, plan, split=True)
    root = page.root

    def head(sheet: Sheet, y: float) -> float:
        place = MARGIN, y + 22
        return heads.head(architecture, heading, plan, sheet, place, ROOM, COLUMN)

    def strip(sheet: Sheet, y: float) -> float:
        ends = MARGIN, WIDTH - MARGIN
        return depth_band.band(sheet, architecture, plan, *ends, y + 38, token=50, channel=15)[1]

    def body(sheet: Sheet, y: float) -> float:
        best = min(_tellings(Drawn(page), y), key=lambda telling: telling.cost)
        low = y + UNDER
        for part in best.over:
            sheet.hold(MARGIN, low, part)
            low += part.height + GUTTER
        sheet.inside += best.columns.layout.placed
        sheet.hold(0, 0, best.columns.layout.joins(WIDTH))
        low = best.columns.layout.bottom
        for part in best.under:
            sheet.hold(MARGIN, low + GUTTER, part)
            low += GUTTER + part.height
        return low

    def foot(sheet: Sheet, y: float) -> float:
        notes = description.foot_notes(architecture, plan)
        held, said = cache(root), footer.said(sheet)
        below = footer.footer(architecture, parameters(root), held, notes, ROOM, said)
        sheet.hold(MARGIN, y + 22, below)
        low = y + 22 + below.height + 8
        signs = sign_key.key(sign_key.every(sheet), ROOM, lines=2)
        sheet.hold(MARGIN, low, signs)
        return low + signs.height + 20

    return stacked(Parts(head, strip, body, foot), WIDTH)
