"""The figure for a column, 800 px wide: strip, what leads across, one layer beside the next mechanism, the others."""

from __future__ import annotations

from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Architecture
from llm_gallery.figure.heading import Heading
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Picture, Point
from llm_gallery.figure.page import depth_band, description, footer, hero, insets
from llm_gallery.figure.page import head as heads
from llm_gallery.figure.page.hero import leading
from llm_gallery.figure.page.layer_frame import picture as frame
from llm_gallery.figure.plan.one_layer import layers_as_one
from llm_gallery.figure.plan.plan import Plan, Use

WIDTH, MARGIN = 800.0, 40.0
ROOM = WIDTH - 2 * MARGIN
GUTTER = 20.0
HALF = (ROOM - GUTTER) / 2


def column(architecture: Architecture, heading: Heading, plan: Plan) -> Picture:
    """The whole figure."""
    root = architecture.root
    sheet = Sheet()
    above = Sheet()
    y = heads.head(above, architecture, heading, plan, (MARGIN, 22), ROOM, heads.COLUMN)
    inside: list[tuple[Point, Picture]] = [(Point(0, 0), above.picture(WIDTH, y))]
    _, y = depth_band.band(
        sheet, architecture, plan, MARGIN, WIDTH - MARGIN, y + 38, token=50, channel=15
    )
    leads = next(iter(leading(plan, heading.inherited)), None)
    if leads is not None:
        shown = hero.picture(leads, plan, ROOM)
        inside.append((Point(MARGIN, y + 14), shown))
        y += 14 + shown.height
    others = _others(plan, () if leads is None else leads.uses)
    model_width = root.number("width") if "width" in root.facts else None
    frames = [frame(one, plan.stream, HALF, model_width, plan.depth) for one in layers_as_one(plan)]
    y += 36
    left, right = y, y - 14
    for shown in frames:
        inside.append((Point(MARGIN, left), shown))
        left += shown.height + 36
    low = left - 36
    while others:
        inset = insets.sized_inset(others[0], plan, HALF, False)
        if right + inset.height > low + 40 and right > y:
            break
        others.pop(0)
        inside.append((Point(MARGIN + HALF + GUTTER, right), insets.picture(inset, inset.height)))
        right += inset.height + GUTTER
    y = max(low + 20, right) + 4
    for row in _rows(others, plan.wiring):
        wide = (ROOM - GUTTER * (len(row) - 1)) / len(row)
        sized = [insets.sized_inset(use, plan, wide, False) for use in row]
        high = max(each.height for each in sized)
        for index, each in enumerate(sized):
            at = Point(MARGIN + index * (wide + GUTTER), y)
            inside.append((at, insets.picture(each, high)))
        y += high + GUTTER
    below = footer.footer(
        architecture, parameters(root), cache(root), description.notes(architecture), ROOM
    )
    inside.append((Point(MARGIN, y + 8), below))
    high = round(y + 8 + below.height + 30)
    return Picture(width=WIDTH, height=high, shapes=tuple(sheet.shapes), inside=tuple(inside))


def _others(plan: Plan, shown: tuple[Use, ...]) -> list[Use]:
    """What else has an inset: other mixers of tokens, the stream's wiring, then what works on each token."""
    uses = [use for use in plan.uses if use not in shown]
    wiring = [] if plan.wiring is None else [plan.wiring]
    return [*(u for u in uses if u.token), *wiring, *(u for u in uses if not u.token)]


def _rows(uses: list[Use], alone: Use | None) -> list[list[Use]]:
    """Two side by side, but for the wiring of the stream, which is broad."""
    rows: list[list[Use]] = []
    for use in uses:
        if rows and len(rows[-1]) == 1 and use is not alone and rows[-1][0] is not alone:
            rows[-1].append(use)
        else:
            rows.append([use])
    return rows
