"""Three or four models on a page: strips under one another, then a column a model, its frame over its facts."""

from __future__ import annotations

from llm_gallery.figure.difference import difference_head, fact_rows, foot, frames, strips
from llm_gallery.figure.difference.compared import Compared
from llm_gallery.figure.difference.pair import APART, Placed
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Picture, Point

WIDTH, MARGIN = 1200.0, 40.0
ROOM = WIDTH - 2 * MARGIN
LABELS, GUTTER = 176.0, 20.0


def several(shown: Compared) -> Picture:
    """The whole figure."""
    sheet, inside = Sheet(), list[Placed]()
    found, names = shown.comparison, shown.names
    y = difference_head.wide(sheet, found, shown.headings, MARGIN, 26, ROOM)
    y = strips.put(sheet, found.models, names, MARGIN, y + 34, ROOM, strips.WIDE) + 36
    count = len(names)
    wide = (ROOM - LABELS - GUTTER * (count - 1)) / count
    lefts = [MARGIN + LABELS + index * (wide + GUTTER) for index in range(count)]
    for models in shown.frames():
        drawn, high = frames.frames(models, wide)
        for one, x in zip(drawn, lefts, strict=True):
            inside.append((Point(x, y), one))
        y += high + APART
    groups = [group for group in shown.groups if not group.kept]
    y = fact_rows.columns(sheet, groups, names, MARGIN, y - 20, lefts, wide)
    y = foot.put(sheet, found, names, (MARGIN, y + 26), ROOM, LABELS)
    words = foot.kept_words(shown.groups)
    y = foot.legend(sheet, MARGIN, y + 22, ROOM, words, False, beside=True)
    return Picture(
        width=WIDTH, height=round(y + 26), shapes=tuple(sheet.shapes), inside=tuple(inside)
    )
