"""Two models on a page, 1,200 px wide: before at the left, after at the right, the facts between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from llm_gallery.figure.difference import fact_rows
from llm_gallery.figure.difference.compared import Compared
from llm_gallery.figure.difference.compared_parts import Group
from llm_gallery.figure.difference.frames import APART, frames, higher
from llm_gallery.figure.difference.page import WIDE, page
from llm_gallery.figure.frame.place import Framed
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Picture

WIDTH, MARGIN, ROOM = WIDE.width, WIDE.margin, WIDE.room
FRAME, SHARED = 326.0, 340.0
"""Px of a frame's width, and of the one frame of two models that are drawn alike."""
GUTTER = 30.0
ROWS, HIGHEST, FOOT = (10, 7, 5, 3, 1), 1.25, 270.0
"""Rows of a group of facts, tried until the figure, with px of a foot, is at most so many times as high as wide."""
UNDER, SLACK = 26.0, 40.0
"""Px from a frame to the facts under it, and how much lower these may end."""


def pair(shown: Compared) -> Picture:
    """The whole figure: with fewer facts in rows, and more said in passing, where it would be too high."""
    listed = [group for group in shown.groups if not group.unchanged]
    place = _shared if shown.near else _beside
    models = [[one] for one in shown.shared()] if shown.near else shown.frames()
    rows = [Row(each, frames(each, SHARED if shown.near else FRAME)) for each in models]

    def body(sheet: Sheet, top: float) -> float:
        for most in ROWS:
            middle = Sheet()
            y = place(middle, shown, rows, listed, top + 36, most)
            if y <= HIGHEST * WIDTH - FOOT:
                break
        sheet.shapes += middle.shapes
        sheet.inside += middle.inside
        return y

    return page(shown, WIDE, body)


class Row(NamedTuple):
    """Frames beside one another, as high as they must be."""

    models: Sequence[Framed]
    drawn: Sequence[Picture]

    @property
    def high(self) -> float:
        """Px of them."""
        return self.drawn[0].height


def _beside(
    sheet: Sheet,
    _shown: Compared,
    rows: Sequence[Row],
    groups: Sequence[Group],
    y: float,
    most: int,
) -> float:
    """Both frames, the facts between them; what there is no room for stands under the frames."""
    least = sum(row.high + APART for row in rows) - APART
    middle, left, right = _parted(groups, least, most)
    room = ROOM - 2 * FRAME - 2 * GUTTER
    end = fact_rows.put(sheet, middle, MARGIN + FRAME + GUTTER, y - 6, room, most)
    sides = (left, MARGIN), (right, WIDTH - MARGIN - FRAME)
    under = max(_high(side, FRAME, most) for side, _ in sides)
    each = (max(end - y, least + under) - under - APART * (len(rows) - 1)) / len(rows)
    for row in rows:
        drawn = higher(row.models, row.drawn, each)
        for one, (_, x) in zip(drawn, sides, strict=True):
            sheet.hold(x, y, one)
        y += drawn[0].height + APART
    y -= APART
    low = [fact_rows.put(sheet, side, x, y + UNDER, FRAME, most) for side, x in sides if side]
    return max(y, end, *low)


def _parted(
    groups: Sequence[Group], least: float, most: int
) -> tuple[Sequence[Group], Sequence[Group], Sequence[Group]]:
    """What stands between the frames, and what under either: there what left, here what came, and the whole last."""
    room = ROOM - 2 * FRAME - 2 * GUTTER
    middle, sides = [*groups], (list[Group](), list[Group]())
    for group in groups:
        if group.kind not in ("added", "removed") and group is not groups[-1]:
            continue
        side = sides[0] if group.kind == "removed" else sides[1]
        if group.kind == "changed" and _high(sides[0], FRAME, most) < _high(side, FRAME, most):
            side = sides[0]
        rest = [one for one in middle if one is not group]
        if least + _high([*side, group], FRAME, most) <= _high(rest, room, most) + SLACK:
            side.append(group)
            middle = rest
    return middle, *sides


def _high(groups: Sequence[Group], room: float, most: int) -> float:
    """Px that groups take under something."""
    return UNDER + sum(fact_rows.high(group, room, most) for group in groups) if groups else 0.0


def _shared(
    sheet: Sheet, shown: Compared, rows: Sequence[Row], groups: Sequence[Group], y: float, most: int
) -> float:
    """One frame in the middle, facts at both sides."""
    room, top = (ROOM - SHARED) / 2 - GUTTER, y
    sides = MARGIN, WIDTH - MARGIN - room
    low = fact_rows.halves(sheet, groups, shown.names, sides, y + 8, room, most)
    for row in rows:
        (drawn,) = higher(row.models, row.drawn, (low - top) / len(rows))
        sheet.hold((WIDTH - SHARED) / 2, y, drawn)
        y += drawn.height + APART
    return max(low, y - APART)
