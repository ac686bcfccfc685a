"""Three or four models on a page: strips under one another, then a column a model, its frame over its facts."""

from __future__ import annotations

from llm_gallery.figure.difference import fact_rows
from llm_gallery.figure.difference.compared import Compared
from llm_gallery.figure.difference.frames import APART, frames
from llm_gallery.figure.difference.page import WIDE, page
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Picture

LABELS, GUTTER = 176.0, 20.0


def several(shown: Compared) -> Picture:
    """The whole figure."""
    count = len(shown.names)
    wide = (WIDE.room - LABELS - GUTTER * (count - 1)) / count
    lefts = [WIDE.margin + LABELS + index * (wide + GUTTER) for index in range(count)]
    groups = [group for group in shown.groups if not group.unchanged]

    def body(sheet: Sheet, y: float) -> float:
        y += 36
        for models in shown.frames():
            drawn = frames(models, wide)
            for one, x in zip(drawn, lefts, strict=True):
                sheet.hold(x, y, one)
            y += drawn[0].height + APART
        return fact_rows.columns(sheet, groups, shown.names, WIDE.margin, y - 20, lefts, wide)

    return page(shown, WIDE._replace(labels=LABELS), body)
