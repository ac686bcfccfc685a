"""A family's cell on the poster: what it is called, how large it is, and who follows whom in it."""

from __future__ import annotations

from llm_gallery.analysis.parameters import parameters
from llm_gallery.analysis.units import short
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Box, Picture, Point
from llm_gallery.figure.kit.text import width
from llm_gallery.figure.sheets.families import Family

RIM = 18.0
NAME = (26.0, 24.0, 22.0, 20.0, 18.0)
FIRST = 108.0
"""Px down to the first name."""
STEP = 15.0
"""Px to the right for each ancestor at most."""
SMALLER = (13.0, 12.0, 11.5, 11.0, 10.5, 10.0)
"""Px of the type of a name that is too long for the others' type."""
CLOSEST = 12.5
"""Px from one name to the next at least: where there are more of them, the last line counts the rest."""
BROAD = 400.0
"""Px of room from which day and size stand beside a name."""


def family_title(family: Family, wide: float, high: float) -> Picture:
    """The cell on a ground of its own, which stays dark where the paper is."""
    sheet = Sheet()
    sheet.put(Box(0, 0, wide, high, radius=8, fill="lens", open=True, ground=True))
    room = wide - 2 * RIM
    sheet.fitted(RIM, 40, family.head.line, room, NAME, weight=600, role="ink")
    count = len(family.members)
    said = "1 model" if count == 1 else f"and {count - 1:,} that follow{'s' * (count == 2)}"
    before = family.head.ancestor
    sheet.label(RIM, 62, said, size=13, weight=500, role="ink")
    if before:
        sheet.fitted(RIM, 80, f"after {before}", room, (13.0, 12.0, 11.5), role="muted")
    _outline(sheet, family, room, high - RIM)
    return sheet.picture(wide, high)


def _outline(sheet: Sheet, family: Family, room: float, bottom: float) -> None:
    """Each member under its ancestor, a little to the right; where the cell is wide with day and size."""
    members = family.members[1:]
    if not members:
        return
    fitting = int((bottom - FIRST) / CLOSEST) + 1
    rest = len(members) - fitting + 1 if len(members) > fitting else 0
    members = members[: len(members) - rest]
    lines = len(members) + (1 if rest else 0)
    broad = room > BROAD
    pitch = min(24.0 if broad else 20.0, (bottom - FIRST) / max(1, lines - 1))
    size = round(min(16.0 if broad else 14.0, 0.84 * pitch), 1)
    step = min(STEP, room * 0.3 / max(1, *(member.depth for member in members)))
    for index, member in enumerate(members):
        y, left = FIRST + index * pitch, RIM + (member.depth - 1) * step
        heading, level = member.heading, y - 0.36 * size
        joint = Point(left + 3, level - 0.5 * pitch), Point(left + 3, level)
        sheet.rule(*joint, Point(left + 9, level), role="wire")
        said, end = "", room + RIM
        if broad:
            counted = short(parameters(member.architecture.root).total)
            when = "" if heading.released is None else f"{heading.released:%Y-%m}"
            said = "  ".join(filter(None, (counted, when)))
            sheet.label(end, y, said, size=min(13.0, size), role="muted", anchor="end")
        free = end - left - 14 - (width(said, size) + 12 if said else 0)
        sizes = (size, *(smaller for smaller in SMALLER if smaller < size))
        sheet.fitted(left + 14, y, heading.line, free, sizes, role="ink")
    if rest:
        y = FIRST + len(members) * pitch
        sheet.label(RIM + 14, y, f"and {rest:,} more", size=size, weight=500, role="ink")
