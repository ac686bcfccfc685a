"""The figure for a page, 1,200 px wide: strip, one layer beside what leads, the other mechanisms in columns."""

from __future__ import annotations

from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Architecture, Block
from llm_gallery.figure import internals
from llm_gallery.figure.heading import Heading
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Bounds, Picture, Point
from llm_gallery.figure.page import (
    depth_band,
    description,
    footer,
    insets,
    layout,
    model_head,
    schedule_plate,
)
from llm_gallery.figure.page.content import content
from llm_gallery.figure.page.drawn import Drawn
from llm_gallery.figure.page.layout import BROAD, MARGIN, NARROW, ROOM, WIDTH, Placed
from llm_gallery.figure.page.packing import GUTTER, Column
from llm_gallery.figure.plan.outer_blocks import outer_blocks
from llm_gallery.figure.plan.plan import Plan
from llm_gallery.mechanisms.apart import predicting


def wide(architecture: Architecture, heading: Heading, plan: Plan, full: bool) -> Picture:
    """The whole figure; `full` adds shapes and parameters of each block."""
    root = architecture.root
    page = content(architecture, heading, plan, full=full, split=True)
    counts, held = parameters(root), cache(root)
    sentence = heading.summary or description.sentence(architecture, plan)
    above = model_head.head(heading, root, counts, held, sentence, ROOM)
    y = MARGIN - 6 + above.height
    below = footer.footer(architecture, counts, held, description.notes(architecture), ROOM)
    sheet = Sheet()
    rest = below.height + 30
    drawn = Drawn(page)
    bottom, placed = _laid(drawn, sheet, y, rest)
    if full and (module := _module(root, ROOM)) is not None:
        placed = [*placed, (Point(MARGIN, bottom + GUTTER), module)]
        bottom += GUTTER + module.height
    inside = [
        (Point(MARGIN, MARGIN - 6), above),
        *placed,
        (Point(MARGIN, bottom + 14), below),
    ]
    high = round(bottom + 14 + below.height + 16)
    return Picture(width=WIDTH, height=high, shapes=tuple(sheet.shapes), inside=tuple(inside))


def _module(root: Block, wide: float) -> Picture | None:
    """The first of the modules that predict further tokens, which plain decoding doesn't run."""
    module = outer_blocks(root).multi_token_prediction
    if module is None:
        return None
    path, block = module
    held = ((block, len(predicting(root))),)
    where = "not run in plain decoding"
    use = internals.Use(path=path, variants=held, width=wide, where=where, full=True)
    made = internals.inset(use)
    sized = insets.SizedInset(made, wide)
    return sized.stretched(sized.height)


def _laid(drawn: Drawn, sheet: Sheet, y: float, rest: float) -> tuple[float, Placed]:
    """The strip across, under it the frame at the left and what leads beside it; what is shared leads itself."""
    page = drawn.page
    strip = None
    if page.shares:
        y = schedule_plate.put(sheet, page, MARGIN, y + 8, ROOM) - 4
    else:
        strip, y = depth_band.band(
            sheet, page.architecture, page.plan, MARGIN, WIDTH - MARGIN, y + 26,
            token=52, channel=15, full=page.full,
        )  # fmt: skip
    top = y + 20
    columns = (
        Column(MARGIN, NARROW, top),
        Column(MARGIN + NARROW + GUTTER, BROAD, top),
    )
    best = layout.best(drawn, columns, rest)
    if strip is not None:
        around = Bounds(MARGIN, top, MARGIN + NARROW, top + best.high)
        glass = depth_band.lens(page.plan, page.root, strip, around)
        sheet.shapes = [*glass, *sheet.shapes]
    return best.bottom, best.placed
