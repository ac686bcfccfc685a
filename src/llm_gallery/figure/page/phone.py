"""The figure for a phone, 400 px wide: strip, one layer with its wiring, what leads, and what is kept."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Architecture
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.prose import prose
from llm_gallery.figure.kit.shapes import Bounds, Picture
from llm_gallery.figure.layout.stacking import Parts, stacked
from llm_gallery.figure.lead import drums, hero_plate
from llm_gallery.figure.lead.content import content
from llm_gallery.figure.lead.panels import panels_of
from llm_gallery.figure.page import description, footer, sign_key
from llm_gallery.figure.page import head as heads
from llm_gallery.figure.page.headline import PHONE
from llm_gallery.figure.strip import depth_band
from llm_gallery.figure.strip.strip import Strip
from llm_gallery.plan.heading import Heading
from llm_gallery.plan.plan import Plan

WIDTH, MARGIN = 400.0, 16.0
ROOM = WIDTH - 2 * MARGIN
LONG, LONGEST = 1700.0, 1810.0
"""Px at which an indexer's inside, or the picture of what stands second, ends at most; and what leads.

Where that would end lower, its picture tells it without its wiring.
"""
TOKEN, CHANNEL = 46.0, 13.0
"""Px of the strip's tracks."""


def phone(architecture: Architecture, heading: Heading, plan: Plan) -> Picture:
    """The whole figure."""
    page = content(architecture, heading, plan, split=False)
    places: list[Strip] = []

    def head(sheet: Sheet, y: float) -> float:
        place = MARGIN, y + 14
        return heads.head(architecture, heading, plan, sheet, place, ROOM, PHONE)

    def strip(sheet: Sheet, y: float) -> float:
        place, low = depth_band.narrow(
            sheet, architecture, plan, MARGIN, WIDTH - MARGIN, y + 30, token=TOKEN, channel=CHANNEL
        )
        places.append(place)
        return low

    def body(sheet: Sheet, y: float) -> float:
        y += 28
        frames = [page.frame(one, ROOM) for one in page.layers]
        around = Bounds(MARGIN, y, WIDTH - MARGIN, y + frames[0].height)
        for place in places:
            glass = depth_band.lens(plan, page.root, place, around, small=True)
            sheet.shapes = [*glass, *sheet.shapes]
        for shown in frames:
            sheet.hold(MARGIN, y, shown)
            y += shown.height + 36
        if page.leads is not None:
            shown = hero_plate.picture(page.leads, ROOM, "stacked")
            if y + shown.height > LONG:  # an indexer's inside would make the way too long
                shown = hero_plate.picture(replace(page.leads, split=True), ROOM, "stacked")
            if y + shown.height > LONGEST and any(
                panel.draw for panel in panels_of(page.leads.hero)
            ):
                shown = hero_plate.picture(replace(page.leads, unwired=True), ROOM, "stacked")
            sheet.hold(MARGIN, y - 6, shown)
            y += shown.height + 22
        if page.second is not None:
            shown = hero_plate.picture(replace(page.second, unwired=True), ROOM, "stacked")
            if y + shown.height <= LONG and any(
                panel.draw for panel in panels_of(page.second.hero)
            ):
                sheet.hold(MARGIN, y - 8, shown)
                y += shown.height + 20
        saved = None if page.leads is None else page.leads.saved
        return drums.put(sheet, architecture, MARGIN, y, ROOM, saved)

    def foot(sheet: Sheet, y: float) -> float:
        notes = [
            f"{footer.source(architecture.root)}.",
            *description.foot_notes(architecture, plan),
        ]
        for note in notes:
            words = note.replace("*", "\u2217")  # a star, where others mark what matters
            y = prose(sheet, MARGIN, y + 22, ROOM, words, 12, "muted") - 20
        signs = sign_key.key(sign_key.every(sheet), ROOM, lines=4)
        sheet.hold(MARGIN, y + 10, signs)
        return y + 10 + signs.height + 4

    return stacked(Parts(head, strip, body, foot), WIDTH)
