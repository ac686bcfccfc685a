"""The figure for a page, 1,200 px wide: strip, one layer beside what leads, the other mechanisms in columns."""

from __future__ import annotations

from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Architecture, Block
from llm_gallery.figure import internals
from llm_gallery.figure.internals import insets
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Bounds, Picture
from llm_gallery.figure.layout import layout
from llm_gallery.figure.layout.drawn import Drawn
from llm_gallery.figure.layout.packing import GUTTER, Column
from llm_gallery.figure.layout.stacking import Parts, stacked
from llm_gallery.figure.lead import schedule_plate
from llm_gallery.figure.lead.content import content
from llm_gallery.figure.page import description, footer, sign_key
from llm_gallery.figure.page import head as heads
from llm_gallery.figure.page.headline import WIDE as HEAD
from llm_gallery.figure.strip import depth_band
from llm_gallery.figure.strip.strip import Strip
from llm_gallery.mechanisms.apart import predicting
from llm_gallery.plan.heading import Heading
from llm_gallery.plan.outer_blocks import outer_blocks
from llm_gallery.plan.plan import Plan

FOOT = 32.0
"""Px round the footer, with the key of signs."""
WIDTH, MARGIN = 1200.0, 40.0
ROOM = WIDTH - 2 * MARGIN
NARROW = (ROOM - 2 * GUTTER) / 3
BROAD = ROOM - NARROW - GUTTER
ROWS = (
    (ROOM,),
    ((ROOM - GUTTER) / 2, (ROOM - GUTTER) / 2),
    (BROAD, NARROW),
    (NARROW, BROAD),
    (NARROW, NARROW, NARROW),
    (336.0, 372.0, 372.0),
    (340.0, 430.0, 310.0),
)
"""Widths of columns under the first screen."""


def wide(architecture: Architecture, heading: Heading, plan: Plan, full: bool) -> Picture:
    """The whole figure; `full` adds shapes and parameters of each block."""
    root = architecture.root
    page = content(architecture, heading, plan, full=full, split=True)
    counts, held = parameters(root), cache(root)
    notes = description.foot_notes(architecture, plan)
    most = footer.footer(architecture, counts, held, notes, ROOM)
    places: list[Strip] = []

    def head(sheet: Sheet, y: float) -> float:
        place = MARGIN, y + MARGIN - 13
        return heads.head(architecture, heading, plan, sheet, place, ROOM, HEAD)

    def strip(sheet: Sheet, y: float) -> float:
        if page.shares:  # it leads itself
            return schedule_plate.put(sheet, page, MARGIN, y + 16, ROOM) - 4
        place, low = depth_band.band(
            sheet, architecture, plan, MARGIN, WIDTH - MARGIN, y + 34,
            token=52, channel=15, full=full,
        )  # fmt: skip
        places.append(place)
        return low

    def body(sheet: Sheet, y: float) -> float:
        top = y + 16
        left, right = Column(MARGIN, NARROW, top), Column(MARGIN + NARROW + GUTTER, BROAD, top)
        best = layout.best(Drawn(page), layout.Ground(left, right, ROWS), most.height + FOOT)
        around = Bounds(MARGIN, top, MARGIN + NARROW, top + best.high)
        glass = [mark for place in places for mark in depth_band.lens(plan, root, place, around)]
        sheet.shapes = [*glass, *sheet.shapes]
        sheet.inside += best.placed
        sheet.hold(0, 0, best.joins(WIDTH))
        low = best.bottom
        if full and (prediction := module(root, ROOM)) is not None:
            sheet.hold(MARGIN, low + GUTTER, prediction)
            low += GUTTER + prediction.height
        return low

    def foot(sheet: Sheet, y: float) -> float:
        below = footer.footer(architecture, counts, held, notes, ROOM, footer.said(sheet))
        sheet.hold(MARGIN, y + 8, below)
        low = y + 8 + below.height + 3
        signs = sign_key.key(sign_key.every(sheet), ROOM)
        sheet.hold(MARGIN, low, signs)
        return low + signs.height + 5

    return stacked(Parts(head, strip, body, foot), WIDTH)


def module(root: Block, wide: float, *, full: bool = True) -> Picture | None:
    """The first of the modules that predict further tokens, which plain decoding doesn't run."""
    first = outer_blocks(root).multi_token_prediction
    if first is None:
        return None
    path, block = first
    held = ((block, len(predicting(root))),)
    where = "not run in plain decoding"
    use = internals.Use(paths=(path,), variants=held, width=wide, where=where, full=full)
    made = internals.inset(use)
    sized = insets.SizedInset(made, wide)
    return sized.stretched(sized.height)
