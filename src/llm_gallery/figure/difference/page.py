"""A figure of several models at a width: head, strips, whatever stands between, foot."""

from __future__ import annotations

from typing import NamedTuple

from llm_gallery.figure.difference import difference_head, foot, strips
from llm_gallery.figure.difference.compared import Compared
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Picture
from llm_gallery.figure.layout.stacking import Part, Parts, stacked
from llm_gallery.figure.page import headline


class Size(NamedTuple):
    """Px of a figure and of its margin, its head and strips, px of names before bars, and what stands side by side."""

    width: float
    margin: float
    head: headline.Form
    strips: strips.Size
    labels: float
    beside: int

    @property
    def room(self) -> float:
        """Px between the margins."""
        return self.width - 2 * self.margin


WIDE = Size(1200.0, 40.0, headline.WIDE, strips.WIDE, 158.0, 2)
COLUMN = Size(800.0, 36.0, headline.COLUMN, strips.NARROW, 150.0, 2)
PHONE = Size(400.0, 16.0, headline.PHONE, strips.NARROW, 0.0, 1)


def page(shown: Compared, size: Size, body: Part) -> Picture:
    """The whole figure with its body."""
    x, room, found, names = size.margin, size.room, shown.comparison, shown.names

    def head(sheet: Sheet, y: float) -> float:
        place = x, y + size.margin / 4 + 14
        return difference_head.head(found, shown.headings, sheet, place, room, size.head)

    def strip(sheet: Sheet, y: float) -> float:
        return strips.put(sheet, found.models, names, x, y + 34, room, size.strips)

    def below(sheet: Sheet, y: float) -> float:
        y = foot.put(sheet, found, names, (x, y + 32), room, size.labels)
        words, dashed = foot.kept_words(shown.groups), shown.dashed and size.beside > 1
        return foot.legend(sheet, x, y + 22, room, words, dashed) + 24

    return stacked(Parts(head, strip, body, below), size.width)
