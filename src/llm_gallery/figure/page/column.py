"""The figure for a column, 800 px wide: strip, what leads across, one layer beside the next mechanism, the others."""

from __future__ import annotations

from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Architecture
from llm_gallery.figure.heading import Heading
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Picture, Point
from llm_gallery.figure.page import depth_band, description, footer, hero_plate, two_columns
from llm_gallery.figure.page import head as heads
from llm_gallery.figure.page.content import content
from llm_gallery.figure.page.items import items
from llm_gallery.figure.plan.plan import Plan

WIDTH, MARGIN = 800.0, 40.0
ROOM = WIDTH - 2 * MARGIN
HALF = (ROOM - two_columns.GUTTER) / 2


def column(architecture: Architecture, heading: Heading, plan: Plan) -> Picture:
    """The whole figure."""
    page = content(architecture, heading, plan, split=True)
    root, sheet, above = page.root, Sheet(), Sheet()
    y = heads.head(above, architecture, heading, plan, (MARGIN, 22), ROOM, heads.COLUMN)
    inside: list[tuple[Point, Picture]] = [(Point(0, 0), above.picture(WIDTH, y))]
    _, y = depth_band.band(
        sheet, architecture, plan, MARGIN, WIDTH - MARGIN, y + 38, token=50, channel=15
    )
    wired = True
    if page.leads is not None:
        form = hero_plate.forms(page.leads, ROOM)[0]
        wired = form != "apart" or page.leads.hero.wiring is None
        shown = hero_plate.picture(page.leads, ROOM, form)
        inside.append((Point(MARGIN, y + 14), shown))
        y += 14 + shown.height
    others = [item.bare for item in items(plan, page.leads, page.second, wired=wired)]
    if page.says_widths and any(
        item.mixes_experts for item in others
    ):  # its block says how wide a plain MLP is
        others = [item for item in others if not item.plain]
    if not wired and not two_columns.fits(
        others[0], HALF
    ):  # what leads shows its wiring under itself
        sized = others.pop(0).sized(page, ROOM)
        inside.append((Point(MARGIN, y + two_columns.GUTTER), sized.stretched(sized.height)))
        y += two_columns.GUTTER + sized.height
    y, placed = two_columns.put(page, others, MARGIN, HALF, y + 34)
    inside += placed
    below = footer.footer(
        architecture, parameters(root), cache(root), description.notes(architecture), ROOM
    )
    inside.append((Point(MARGIN, y + 22), below))
    high = round(y + 22 + below.height + 26)
    return Picture(width=WIDTH, height=high, shapes=tuple(sheet.shapes), inside=tuple(inside))
