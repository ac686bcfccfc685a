"""The figure for a column, 800 px wide: strip, what leads across, one layer beside the next mechanism, the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Architecture
from llm_gallery.figure.heading import Heading
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Picture
from llm_gallery.figure.layout import two_columns
from llm_gallery.figure.layout.drawn import Drawn
from llm_gallery.figure.layout.items import Item, items
from llm_gallery.figure.layout.stacking import Parts, stacked
from llm_gallery.figure.lead import hero_plate
from llm_gallery.figure.lead.content import content
from llm_gallery.figure.lead.hero_plate import Form, Told
from llm_gallery.figure.page import description, footer
from llm_gallery.figure.page import head as heads
from llm_gallery.figure.plan.plan import Plan, Use
from llm_gallery.figure.strip import depth_band

WIDTH, MARGIN = 800.0, 40.0
ROOM = WIDTH - 2 * MARGIN
HALF = (ROOM - two_columns.GUTTER) / 2
EMPTY = 50e3
"""Px² of an area that looks empty."""


class Telling(NamedTuple):
    """What leads, what follows it across the page, and the columns under both."""

    plate: Picture | None
    across: tuple[Picture, ...]
    others: two_columns.Chosen
    under: tuple[Picture, ...] = ()  # across, under the columns


def _tellings(drawn: Drawn) -> Iterator[Telling]:
    """What leads with its wiring; and, where that leaves an area empty, in two other ways.

    Its picture alone with the wiring in a column, or beside the frame with the wiring under both.
    """
    page = drawn.page
    first = _telling(drawn, None if page.leads is None else hero_plate.forms(page.leads)[0])
    yield first
    if first.others.empty > EMPTY and page.leads is not None and page.leads.wiring is not None:
        yield _telling(drawn, "apart")
        yield _beside(drawn, page.leads, page.leads.wiring)


def _beside(drawn: Drawn, leads: Told, wiring: Use) -> Telling:
    page = drawn.page
    told = Item(None, replace(leads, unwired=True))
    others = [item.bare for item in items(page.plan, leads, page.second, wired=True)]
    sized = drawn.sized(Item(wiring), ROOM)
    columns = two_columns.chosen(drawn, [told, *others], MARGIN, HALF)
    return Telling(None, (), columns, (sized.stretched(sized.height),))


def _telling(drawn: Drawn, form: Form | None) -> Telling:
    page = drawn.page
    leads, shown, across = page.leads, None, []
    wired = True
    if leads is not None and form is not None:
        wired = form != "apart" or leads.wiring is None
        shown = hero_plate.picture(leads, ROOM, form)
    others = [item.bare for item in items(page.plan, leads, page.second, wired=wired)]
    # The block of a mixture says how wide a plain MLP is.
    if page.says_widths and any(item.mixes_experts for item in others):
        others = [item for item in others if not item.plain]
    if not wired and not two_columns.fits(others[0], HALF):  # what leads shows it under itself
        sized = drawn.sized(others.pop(0), ROOM)
        across.append(sized.stretched(sized.height))
    return Telling(shown, tuple(across), two_columns.chosen(drawn, others, MARGIN, HALF))


def column(architecture: Architecture, heading: Heading, plan: Plan) -> Picture:
    """The whole figure."""
    page = content(architecture, heading, plan, split=True)
    root = page.root

    def head(sheet: Sheet, y: float) -> float:
        above = Sheet()
        low = heads.head(above, architecture, heading, plan, (MARGIN, y + 22), ROOM, heads.COLUMN)
        sheet.hold(0, 0, above.picture(WIDTH, low))
        return low

    def strip(sheet: Sheet, y: float) -> float:
        ends = MARGIN, WIDTH - MARGIN
        return depth_band.band(sheet, architecture, plan, *ends, y + 38, token=50, channel=15)[1]

    def body(sheet: Sheet, y: float) -> float:
        shown, across, others, under = min(
            _tellings(Drawn(page)), key=lambda telling: telling.others.empty
        )
        for part in (shown, *across):
            if part is not None:
                gap = 14 if part is shown else two_columns.GUTTER
                sheet.hold(MARGIN, y + gap, part)
                y += gap + part.height
        low, placed = others.put(y + 34)
        sheet.inside += placed
        for part in under:
            sheet.hold(MARGIN, low + two_columns.GUTTER, part)
            low += two_columns.GUTTER + part.height
        return low

    def foot(sheet: Sheet, y: float) -> float:
        notes = description.notes(architecture)
        below = footer.footer(architecture, parameters(root), cache(root), notes, ROOM)
        sheet.hold(MARGIN, y + 22, below)
        return y + 22 + below.height + 26

    return stacked(Parts(head, strip, body, foot), WIDTH)
