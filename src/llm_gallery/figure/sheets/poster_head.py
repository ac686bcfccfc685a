"""The poster's head: its title, how a card is read, and what colours and bars mean."""

from __future__ import annotations

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Box, Point
from llm_gallery.figure.kit.text import wrap
from llm_gallery.figure.sheets import second_channel, sign_list
from llm_gallery.mechanisms.colour import FAMILIES

HEAD = 404.0
"""Px down to the first row of cards."""
TOP = 84.0
TITLE, COLOURS, BARS, SIGNS = 1000.0, 700.0, 1040.0, 460.0
"""Px across of the title, and of the parts of the legend, in the order in which they have room."""
BETWEEN = 56.0
PITCH = 46.0


def poster_head(
    sheet: Sheet, title: str, models: int, families: int, left: float, room: float
) -> float:
    """Title and legend beside one another, as much of it as has room; gives back where cards begin."""
    wide = min(room, TITLE)
    y = TOP + 70
    for line in wrap(title, wide, 96, lines=2):
        sheet.fitted(
            left, y, line, wide, (96.0, 80.0, 64.0, 52.0), weight=600, role="ink", tracking=-1.5
        )
        y += 96
    noun = "model" if models == 1 else "models"
    lines = "family" if families == 1 else "families"
    about = (
        f"{models:,} {noun} in {families:,} {lines}, in the order of their descent. On each card all layers "
        "from first to last, and under them the wiring of one: the stream runs upward, a branch "
        "reads it at a dot and is added at the ring; small grey pills are norms."
    )
    sheet.lines(left, y - 36, wrap(about, wide, 18, lines=4), 27, size=18, role="ink")
    x = left + wide + BETWEEN
    for part, needed in ((_bars, BARS), (_colours, COLOURS), (_signs, SIGNS)):
        if x + needed <= left + room:
            part(sheet, x)
            x += needed + BETWEEN
    return HEAD


def _title(sheet: Sheet, x: float, words: str, wide: float) -> None:
    sheet.label(x, TOP + 14, words, size=18, weight=600, role="ink")
    sheet.rule(Point(x, TOP + 28), Point(x + wide, TOP + 28))


def _colours(sheet: Sheet, x: float) -> None:
    """Each colour with its name and meaning, in two columns."""
    _title(sheet, x, "Colour is the mechanism", COLOURS)
    rows = (len(FAMILIES) + 1) // 2
    for index, (colour, family) in enumerate(FAMILIES.items()):
        at, y = x + index // rows * COLOURS / 2, TOP + 46 + index % rows * PITCH
        sheet.put(Box(at, y, 30, 30, radius=5, fill=f"{colour}.solid", open=True))
        sheet.label(at + 40, y + 12, family.name, size=14, weight=600, role="ink")
        words = wrap(family.meaning, COLOURS / 2 - 56, 12, lines=1)
        sheet.lines(at + 40, y + 28, words, 14, size=12)


def _bars(sheet: Sheet, x: float) -> None:
    """The second channel."""
    _title(sheet, x, "A bar's shape, within its colour", BARS)
    second_channel.columns(sheet, x, TOP + 40, BARS)


def _signs(sheet: Sheet, x: float) -> None:
    """The signs that cards show."""
    _title(sheet, x, "Lines and signs", SIGNS)
    for index, sign in enumerate(sign_list.SIGNS[:5]):
        sign_list.put(sheet, sign, x, TOP + 60 + index * PITCH)
