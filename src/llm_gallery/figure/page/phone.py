"""The figure for a phone, 400 px wide: strip, one layer with its wiring, what leads, and what is kept."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Architecture
from llm_gallery.figure.heading import Heading
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Bounds, Mark, Picture, Point
from llm_gallery.figure.page import depth_band, description, hero_plate, kept
from llm_gallery.figure.page import head as heads
from llm_gallery.figure.page.content import content
from llm_gallery.figure.page.prose import prose
from llm_gallery.figure.plan.plan import Plan

WIDTH, MARGIN = 400.0, 16.0
ROOM = WIDTH - 2 * MARGIN
LONG = 1700.0
"""Px at which an indexer's inside, or the picture of what stands second, ends at most."""
TOKEN, CHANNEL = 46.0, 13.0
"""Px of the strip's tracks."""


def phone(architecture: Architecture, heading: Heading, plan: Plan) -> Picture:
    """The whole figure."""
    page = content(architecture, heading, plan, split=False)
    sheet, above = Sheet(), Sheet()
    y = heads.head(above, architecture, heading, plan, (MARGIN, 14), ROOM, heads.PHONE)
    inside: list[tuple[Point, Picture]] = [(Point(0, 0), above.picture(WIDTH, y))]
    place, y = depth_band.narrow(
        sheet, architecture, plan, MARGIN, WIDTH - MARGIN, y + 30, token=TOKEN, channel=CHANNEL
    )
    y += 31
    lens: tuple[Mark, ...] = ()
    for index, shown in enumerate(page.frames(ROOM)):
        if not index:
            around = Bounds(MARGIN, y, WIDTH - MARGIN, y + shown.height)
            lens = depth_band.lens(plan, page.root, place, around, small=True)
        inside.append((Point(MARGIN, y), shown))
        y += shown.height + 36
    if page.leads is not None:
        shown = hero_plate.picture(page.leads, ROOM, "stacked")
        if (
            y + shown.height > LONG
        ):  # the inside of an indexer would make the way to the end too long
            shown = hero_plate.picture(replace(page.leads, split=True), ROOM, "stacked")
        inside.append((Point(MARGIN, y - 6), shown))
        y += shown.height + 22
    if page.second is not None:
        shown = hero_plate.picture(replace(page.second, unwired=True), ROOM, "stacked")
        if y + shown.height <= LONG and any(panel.draw for panel in page.second.hero.panels):
            inside.append((Point(MARGIN, y - 8), shown))
            y += shown.height + 20
    saved = None if page.leads is None else page.leads.saved
    y = kept.put(sheet, architecture, MARGIN, y + 14, ROOM, saved)
    notes = ["Computed from config.json, 16-bit cache.", *description.notes(architecture)]
    for note in notes:
        y = prose(sheet, MARGIN, y + 22, ROOM, note, 12, "muted") - 20
    shapes = (*lens, *sheet.shapes)
    return Picture(width=WIDTH, height=round(y + 22), shapes=shapes, inside=tuple(inside))
