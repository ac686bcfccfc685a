"""Two models in a column, 800 px wide, or on a phone, 400 px: all that the page has, under one another."""

from __future__ import annotations

from llm_gallery.figure.difference import fact_rows
from llm_gallery.figure.difference.compared import Compared
from llm_gallery.figure.difference.frames import APART, frames
from llm_gallery.figure.difference.page import COLUMN, PHONE, Size, page
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Picture

GUTTER = 24.0
BROADEST = 380.0
"""Px of a frame's width."""


def narrow(shown: Compared, phone: bool) -> Picture:
    """The whole figure."""
    size = PHONE if phone else COLUMN
    wide = (size.room - GUTTER * (size.beside - 1)) / size.beside

    def body(sheet: Sheet, y: float) -> float:
        groups = [group for group in shown.groups if not group.unchanged]
        lefts = [size.margin + index * (wide + GUTTER) for index in range(size.beside)]
        y = _frames(sheet, shown, size, y + 36) + 34
        return fact_rows.halves(sheet, groups, shown.names, lefts, y, wide)

    return page(shown, size, body)


def _frames(sheet: Sheet, shown: Compared, size: Size, y: float) -> float:
    """Before and after at one height, or under one another, or the one that both share; gives back where they end."""
    rows = [[one] for one in shown.shared()] if shown.near else shown.frames()
    if size.beside == 1:
        rows = [[one] for models in rows for one in models if one.one is not None]
    beside = len(rows[0])
    wide = min(BROADEST, (size.room - GUTTER * (beside - 1)) / beside)
    left = (size.width - beside * wide - GUTTER * (beside - 1)) / 2
    for models in rows:
        drawn = frames(models, wide)
        for index, one in enumerate(drawn):
            sheet.hold(left + index * (wide + GUTTER), y, one)
        y += drawn[0].height + APART
    return y - APART
