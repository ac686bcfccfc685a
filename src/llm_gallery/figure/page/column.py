"""The figure for a column, 800 px wide: strip, what leads across, one layer beside the next mechanism, the others."""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Architecture
from llm_gallery.figure.heading import Heading
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Picture, Point
from llm_gallery.figure.page import depth_band, description, footer, hero_plate, layer_frame
from llm_gallery.figure.page import head as heads
from llm_gallery.figure.page.content import Content, content
from llm_gallery.figure.page.insets import SizedInset
from llm_gallery.figure.page.items import Item, Standing, items
from llm_gallery.figure.plan.plan import Plan

WIDTH, MARGIN = 800.0, 40.0
ROOM = WIDTH - 2 * MARGIN
GUTTER = 20.0
HALF = (ROOM - GUTTER) / 2
OVER = 40.0
"""Px that the insets beside the frame may be higher than it."""
Placed = list[tuple[Point, Picture]]


def column(architecture: Architecture, heading: Heading, plan: Plan) -> Picture:
    """The whole figure."""
    page = content(architecture, heading, plan, split=True)
    root, sheet, above = page.root, Sheet(), Sheet()
    y = heads.head(above, architecture, heading, plan, (MARGIN, 22), ROOM, heads.COLUMN)
    inside: Placed = [(Point(0, 0), above.picture(WIDTH, y))]
    _, y = depth_band.band(
        sheet, architecture, plan, MARGIN, WIDTH - MARGIN, y + 38, token=50, channel=15
    )
    wired = True
    if page.leads is not None:
        form = hero_plate.forms(page.leads, ROOM)[0]
        wired = form != "apart"
        shown = hero_plate.picture(page.leads, ROOM, form)
        inside.append((Point(MARGIN, y + 14), shown))
        y += 14 + shown.height
    others = [item.bare for item in items(plan, page.leads, page.second, wired=wired)]
    if page.says_widths and any(
        item.mixes_experts for item in others
    ):  # its block says how wide a plain MLP is
        others = [item for item in others if not item.plain]
    y, placed = _first(page, others, y + 34)
    inside += placed
    for row in _rows(others):
        wide = (ROOM - GUTTER * (len(row) - 1)) / len(row)
        sized = [item.sized(page, wide) for item in row]
        high = max(each.height for each in sized)
        for index, each in enumerate(sized):
            at = Point(MARGIN + index * (wide + GUTTER), y + GUTTER)
            inside.append((at, each.stretched(high)))
        y += high + GUTTER
    below = footer.footer(
        architecture, parameters(root), cache(root), description.notes(architecture), ROOM
    )
    inside.append((Point(MARGIN, y + 22), below))
    high = round(y + 22 + below.height + 26)
    return Picture(width=WIDTH, height=high, shapes=tuple(sheet.shapes), inside=tuple(inside))


def _first(page: Content, others: list[Item], y: float) -> tuple[float, Placed]:
    """The frame with what has room beside it, which is taken from the others; gives back where both end."""
    frames = page.frames(HALF)
    high = sum(frame.height for frame in frames) + 28 * (len(frames) - 1)
    beside = list(_beside(page, others, high))
    if not beside:
        frames = page.frames(ROOM, opened=page.openable)
    end = sum(GUTTER + each.height for each in beside) - GUTTER
    more = 0.0
    if beside and len(frames) == 1 and end > high:
        more = min(layer_frame.MOST_MORE, (end - high) / layer_frame.gaps(page.layers[0]))
        frames = page.frames(HALF, more)
    placed: Placed = []
    low = y
    for frame in frames:
        placed.append((Point(MARGIN, low), frame))
        low += frame.height + 28
    low = max(low - 28, y + end)
    each_more = (low - y - end) / len(beside) if beside else 0.0
    at = y
    for inset in beside:
        tall = inset.height + each_more
        placed.append((Point(MARGIN + HALF + GUTTER, at), inset.stretched(tall)))
        at += tall + GUTTER
    return low, placed


def _beside(page: Content, others: list[Item], high: float) -> Iterator[SizedInset | Standing]:
    """Insets that stand beside a frame so high, first those about tokens; they are taken from the others."""
    room = high + OVER
    if (fits := [i for i in others if not i.mixes_experts and _narrow(i)]) == []:
        fits = [item for item in others if item.mixes_experts][:1]
    for item in fits:
        inset = item.sized(page, HALF)
        if inset.height <= room:
            others.remove(item)
            room -= inset.height + GUTTER
            yield inset


def _narrow(item: Item) -> bool:
    """Whether it may stand beside the frame: of what mixes tokens, what can be read at half the width."""
    return item.fits(max(HALF, 372.0 if item.mixer else 0.0))


def _rows(others: list[Item]) -> list[list[Item]]:
    """Small ones two side by side, the others across."""
    rows: list[list[Item]] = []
    waiting: list[Item] = []
    for item in others:
        if item.fits(HALF) and not item.mixes_experts:
            waiting.append(item)
        else:
            rows.append([item])
    small = [waiting[at : at + 2] for at in range(0, len(waiting), 2)]
    mixtures = [row for row in rows if row[0].mixes_experts]
    if small and len(small[-1]) == 1 and mixtures:
        rows.remove(mixtures[0])
        small[-1].append(mixtures[0][0])
    tall = [row for row in rows if not row[0].mixes_experts]
    return [*tall, *small, *(row for row in rows if row[0].mixes_experts)]
