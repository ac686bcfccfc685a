"""The frame of a layer alone, as the figure for a page has it: what an author puts into a text of their own."""

from __future__ import annotations

from llm_gallery.architecture.block import Architecture
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.origin import origin
from llm_gallery.figure.kit.shapes import Picture
from llm_gallery.figure.lead.content import content
from llm_gallery.plan.heading import Heading
from llm_gallery.plan.plan import Plan

FRAME, BETWEEN, MARGIN = 360.0, 24.0, 14.0
"""Px across a frame, to the next one and to the edge."""
HEAD, FOOT = 50.0, 30.0


def layer(architecture: Architecture, heading: Heading, plan: Plan) -> Picture:
    """Layers that are wired alike are one frame; others stand beside it."""
    sheet, page = Sheet(), content(architecture, heading, plan, split=True)
    frames = [page.frame(one, FRAME, opened=page.openable) for one in page.layers]
    wide = len(frames) * (FRAME + BETWEEN) - BETWEEN + 2 * MARGIN
    low = HEAD + max(frame.height for frame in frames)
    sizes = (18.0, 16.0, 15.0, 14.0, 13.0, 12.0)
    sheet.fitted(MARGIN, 26, heading.line, wide - 2 * MARGIN, sizes, weight=600, role="ink")
    x = MARGIN
    for frame in frames:
        sheet.hold(x, low - frame.height, frame)
        x += FRAME + BETWEEN
    sheet.label(MARGIN, low + 24, f"{origin()}, from config.json", size=11)
    return sheet.picture(wide, low + FOOT)
