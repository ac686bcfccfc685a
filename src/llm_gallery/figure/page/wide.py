"""The figure for a page, 1,200 px wide: strip, one layer beside what leads, the other mechanisms, the footer."""

from __future__ import annotations

from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Architecture
from llm_gallery.figure.heading import Heading
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Picture, Point
from llm_gallery.figure.model import description, footer, insets, model_head
from llm_gallery.figure.model.plan import Plan, Use
from llm_gallery.figure.page import depth_band, hero
from llm_gallery.figure.page.hero import leading
from llm_gallery.figure.page.layer_frame import picture as frame
from llm_gallery.figure.page.one_layer import layers_as_one

WIDTH, MARGIN = 1200.0, 40.0
ROOM = WIDTH - 2 * MARGIN
GUTTER = 20.0
FRAME = 372.0


def wide(architecture: Architecture, heading: Heading, plan: Plan) -> Picture:
    """The whole figure."""
    root = architecture.root
    sheet = Sheet()
    counts, kept = parameters(root), cache(root)
    sentence = heading.summary or description.sentence(architecture, plan)
    above = model_head.head(heading, root, counts, kept, sentence, ROOM)
    inside: list[tuple[Point, Picture]] = [(Point(MARGIN, MARGIN - 6), above)]
    y = MARGIN - 6 + above.height
    _, y = depth_band.band(
        sheet, architecture, plan, MARGIN, WIDTH - MARGIN, y + 30, token=52, channel=15
    )
    model_width = root.number("width") if "width" in root.facts else None
    frames = [
        frame(one, plan.stream, FRAME, model_width, plan.depth) for one in layers_as_one(plan)
    ]
    y += 26
    leads = leading(plan)
    top, low = y, y
    for shown in frames:
        inside.append((Point(MARGIN, low), shown))
        low += shown.height + 30
    low -= 30
    left = MARGIN + FRAME + GUTTER
    if leads is not None:
        shown = hero.picture(leads, plan, WIDTH - MARGIN - left)
        inside.append((Point(left, top - 6), shown))
        right = top - 6 + shown.height
    else:
        right = top
    others = _others(plan, () if leads is None else leads.uses)
    y = max(low, right)
    # What is left of the shorter column takes an inset.
    while others and abs(low - right) > 200:
        at, wide_ = (MARGIN, FRAME) if low < right else (left, WIDTH - MARGIN - left)
        start = min(low, right) + GUTTER
        inset = insets.sized_inset(others[-1], plan, wide_, False)
        if others[-1] is plan.wiring and wide_ < 420:
            break
        if start + inset.height > max(low, right) + 90:
            break
        others.pop()
        inside.append((Point(at, start), insets.picture(inset, inset.height)))
        if low < right:
            low = start + inset.height
        else:
            right = start + inset.height
    y = max(low, right) + GUTTER
    count = len(others)
    while others:
        row, others = others[: _across(len(others))], others[_across(len(others)) :]
        each = (ROOM - GUTTER * (len(row) - 1)) / len(row)
        sized = [insets.sized_inset(use, plan, each, False) for use in row]
        high = max(one.height for one in sized)
        for index, one in enumerate(sized):
            inside.append((Point(MARGIN + index * (each + GUTTER), y), insets.picture(one, high)))
        y += high + GUTTER
    del count
    below = footer.footer(architecture, counts, kept, description.notes(architecture), ROOM)
    inside.append((Point(MARGIN, y + 8), below))
    high = round(y + 8 + below.height + 30)
    return Picture(width=WIDTH, height=high, shapes=tuple(sheet.shapes), inside=tuple(inside))


def _across(count: int) -> int:
    return count if count <= 2 else 2 if count == 4 else 3 if count == 3 else 2


def _others(plan: Plan, shown: tuple[Use, ...]) -> list[Use]:
    uses = [use for use in plan.uses if use not in shown]
    wiring = [] if plan.wiring is None else [plan.wiring]
    return [*(u for u in uses if u.token), *wiring, *(u for u in uses if not u.token)]
