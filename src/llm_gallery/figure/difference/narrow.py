"""Two models in a column, 800 px wide, or on a phone, 400 px: all that the page has, under one another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from llm_gallery.figure.difference import difference_head, fact_rows, foot, strips
from llm_gallery.figure.difference.compared import Compared
from llm_gallery.figure.difference.compared_parts import Group
from llm_gallery.figure.difference.frames import frames
from llm_gallery.figure.difference.pair import APART, balanced, header
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Picture
from llm_gallery.figure.layout.stacking import Parts, stacked
from llm_gallery.figure.page import headline


class Width(NamedTuple):
    """Px of a figure and of its margin, its type, and how many things stand side by side."""

    width: float
    margin: float
    head: headline.Form
    beside: int

    @property
    def room(self) -> float:
        """Px between the margins."""
        return self.width - 2 * self.margin


PHONE = Width(400.0, 16.0, headline.PHONE, 1)
COLUMN = Width(800.0, 36.0, headline.COLUMN, 2)
GUTTER = 24.0
BROADEST = 380.0
"""Px of a frame's width."""


def narrow(shown: Compared, phone: bool) -> Picture:
    """The whole figure."""
    size = PHONE if phone else COLUMN
    x, room, found, names = size.margin, size.room, shown.comparison, shown.names

    def head(sheet: Sheet, y: float) -> float:
        return difference_head.head(found, shown.headings, sheet, (x, y + 16), room, size.head)

    def strip(sheet: Sheet, y: float) -> float:
        return strips.put(sheet, found.models, names, x, y + 34, room, strips.NARROW)

    def body(sheet: Sheet, y: float) -> float:
        groups = [group for group in shown.groups if not group.kept]
        return _facts(sheet, shown, groups, size, _frames(sheet, shown, size, y + 36) + 34)

    def below(sheet: Sheet, y: float) -> float:
        y = foot.put(sheet, found, names, (x, y + 30), room, 0 if phone else 150.0)
        words, dashed = foot.kept_words(shown.groups), shown.dashed and not phone
        return foot.legend(sheet, x, y + 24, room, words, dashed, beside=False) + 22

    return stacked(Parts(head, strip, body, below), size.width)


def _frames(sheet: Sheet, shown: Compared, size: Width, y: float) -> float:
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


def _facts(sheet: Sheet, shown: Compared, groups: Sequence[Group], size: Width, y: float) -> float:
    """All groups, in two columns where they have room; gives back where they end."""
    wide = (size.room - GUTTER * (size.beside - 1)) / size.beside
    low, halves = y, [groups] if size.beside == 1 else balanced(groups, wide)
    for index, half in enumerate(halves):
        if half or size.beside == 1:
            x = size.margin + index * (wide + GUTTER)
            header(sheet, shown.names, x, y, wide)
            low = max(low, fact_rows.put(sheet, half, x, y + 8, wide))
    return low
