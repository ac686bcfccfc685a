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
from llm_gallery.figure.kit.shapes import Picture, Point
from llm_gallery.figure.page import depth_band, description, footer, hero_plate, two_columns
from llm_gallery.figure.page import head as heads
from llm_gallery.figure.page.content import Content, content
from llm_gallery.figure.page.hero_plate import Form, Told
from llm_gallery.figure.page.items import Item, items
from llm_gallery.figure.plan.plan import Plan, Use

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


def _tellings(page: Content) -> Iterator[Telling]:
    """What leads with its wiring; and, where that leaves an area empty, in two other ways.

    Its picture alone with the wiring in a column, or beside the frame with the wiring under both.
    """
    first = _telling(page, None if page.leads is None else hero_plate.forms(page.leads, ROOM)[0])
    yield first
    if first.others.empty > EMPTY and page.leads is not None and page.leads.wiring is not None:
        yield _telling(page, "apart")
        yield _beside(page, page.leads, page.leads.wiring)


def _beside(page: Content, leads: Told, wiring: Use) -> Telling:
    told = Item(None, replace(leads, unwired=True))
    others = [item.bare for item in items(page.plan, leads, page.second, wired=True)]
    sized = Item(wiring).sized(page, ROOM)
    columns = two_columns.chosen(page, [told, *others], MARGIN, HALF)
    return Telling(None, (), columns, (sized.stretched(sized.height),))


def _telling(page: Content, form: Form | None) -> Telling:
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
        sized = others.pop(0).sized(page, ROOM)
        across.append(sized.stretched(sized.height))
    return Telling(shown, tuple(across), two_columns.chosen(page, others, MARGIN, HALF))


def column(architecture: Architecture, heading: Heading, plan: Plan) -> Picture:
    """The whole figure."""
    page = content(architecture, heading, plan, split=True)
    root, sheet, above = page.root, Sheet(), Sheet()
    y = heads.head(above, architecture, heading, plan, (MARGIN, 22), ROOM, heads.COLUMN)
    inside: list[tuple[Point, Picture]] = [(Point(0, 0), above.picture(WIDTH, y))]
    _, y = depth_band.band(
        sheet, architecture, plan, MARGIN, WIDTH - MARGIN, y + 38, token=50, channel=15
    )
    shown, across, others, under = min(_tellings(page), key=lambda telling: telling.others.empty)
    for part in (shown, *across):
        if part is not None:
            gap = 14 if part is shown else two_columns.GUTTER
            inside.append((Point(MARGIN, y + gap), part))
            y += gap + part.height
    y, placed = others.put(y + 34)
    inside += placed
    for part in under:
        inside.append((Point(MARGIN, y + two_columns.GUTTER), part))
        y += two_columns.GUTTER + part.height
    below = footer.footer(
        architecture, parameters(root), cache(root), description.notes(architecture), ROOM
    )
    inside.append((Point(MARGIN, y + 22), below))
    high = round(y + 22 + below.height + 26)
    return Picture(width=WIDTH, height=high, shapes=tuple(sheet.shapes), inside=tuple(inside))
