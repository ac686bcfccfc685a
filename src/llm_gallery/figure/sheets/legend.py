"""The legend page: what each colour, each bar and each sign means, in the same drawing as the figures."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from functools import partial

from llm_gallery.figure.kit.blocks import Sheet, hero, pill
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.shapes import Point, flat
from llm_gallery.figure.kit.signs import square
from llm_gallery.figure.kit.text import width
from llm_gallery.figure.sheets import second_channel, sign_list
from llm_gallery.figure.sheets.glossary import columns
from llm_gallery.figure.sheets.title_block import MARGIN, title_block
from llm_gallery.mechanisms.colour import FAMILIES, Colour, Family
from llm_gallery.mechanisms.legend import Term

WIDTH = 1200.0
ROOM = WIDTH - 2 * MARGIN
TITLE = "How to read the drawings"
SENTENCE = (
    "Cool colours move information between tokens, warm colours work on each token alone, "
    "greys are plumbing."
)
TOP = 138.0
"""Px of the title over the sections."""
PITCH = 42.0
HALF, GUTTER = (ROOM - 40) / 2, 40.0


def legend(words: Sequence[Term] = ()) -> Drawing:
    """The page as a drawing: its sections under one another, and the glossary where words are given."""
    sheet = Sheet()
    title_block(sheet, TITLE, SENTENCE)
    y = TOP
    glossary = ("Words and letters", partial(_words, words))
    for title, section in (*SECTIONS, *((glossary,) if words else ())):
        sheet.rule(Point(MARGIN, y), Point(WIDTH - MARGIN, y))
        sheet.label(MARGIN, y + 30, title, size=18, weight=600, role="ink")
        y = section(sheet, y + 48) + 18
    described = " ".join(f"{family.name}: {family.meaning}." for family in FAMILIES.values())
    described += " " + second_channel.RULE.replace("*", "")
    return Drawing(sheet.picture(WIDTH, y + MARGIN - 18), TITLE, described)


def _colours(sheet: Sheet, y: float) -> float:
    rows = (len(FAMILIES) + 1) // 2
    for index, (colour, family) in enumerate(FAMILIES.items()):
        x = MARGIN + index // rows * (HALF + GUTTER)
        _family(sheet, x, y + 18 + index % rows * PITCH, colour, family)
    return y + rows * PITCH


def _family(sheet: Sheet, x: float, y: float, colour: Colour, family: Family) -> None:
    """A colour as it stands in a strip, on a block and on an inset."""
    sheet.put(square(x, y - 8, f"{colour}.solid", 16))
    sheet.add(hero(x + 112, y, family.name, colour, wide=166, high=32, size=13))
    sheet.add(pill(x + 234, y, "part", colour, wide=58))
    sheet.label(x + 278, y + 4, family.meaning, size=12.5)


def _words(words: Sequence[Term], sheet: Sheet, y: float) -> float:
    glossary = columns(words, ROOM)
    sheet.put(*flat(glossary, MARGIN, y))
    return y + glossary.height


def _channel(sheet: Sheet, y: float) -> float:
    return second_channel.columns(sheet, MARGIN, y - 8, ROOM)


def _signs(sheet: Sheet, y: float) -> float:
    rows = (len(sign_list.SIGNS) + 1) // 2
    for index, sign in enumerate(sign_list.SIGNS):
        x = MARGIN + index // rows * (HALF + GUTTER)
        sign_list.put(sheet, sign, x, y + 22 + index % rows * sign_list.PITCH)
    return y + rows * sign_list.PITCH


SECTIONS: tuple[tuple[str, Callable[[Sheet, float], float]], ...] = (
    ("Colour is the mechanism", _colours),
    ("A bar's shape, within its colour", _channel),
    ("Lines and signs", _signs),
)
"""What the page explains, in order, before the glossary."""


def entries(sheet: Sheet, seen: Container[Colour], x: float, y: float) -> None:
    """The mechanisms that a page shows, one after another on a line."""
    for colour, (name, *_) in FAMILIES.items():
        if colour in seen:
            sheet.put(square(x, y - 9, f"{colour}.solid", 10))
            sheet.label(x + 16, y, name, size=12, weight=500, role=f"{colour}.text")
            x += 16 + width(name, 12, 500) + 26
