"""The legend page: what each colour, line and shape means, in the same drawing as the figures."""

from __future__ import annotations

from collections.abc import Container

from llm_gallery.figure.kit.blocks import Sheet, hero, matrix, pill, trapezoid
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.shapes import Box, Line, Point
from llm_gallery.figure.kit.signs import (
    dot,
    drum,
    letter,
    operation,
    square,
    stream_line,
    stream_sum,
)
from llm_gallery.figure.kit.text import width
from llm_gallery.figure.sheets.title_block import MARGIN, title_block
from llm_gallery.mechanisms.colour import FAMILIES, Colour, Family

WIDTH = 1200.0
TITLE = "Colour is mechanism"
SENTENCE = (
    "Cool colours move information between tokens, warm colours work on each token alone, "
    "greys are plumbing."
)
PITCH = 42.0
FIRST = 150.0
SECOND = 640.0
"""Left edge of the column of lines and shapes."""


def legend() -> Drawing:
    """The page as a drawing."""
    sheet = Sheet()
    title_block(sheet, TITLE, SENTENCE)
    for index, (colour, family) in enumerate(FAMILIES.items()):
        _family(sheet, FIRST + index * PITCH, colour, family)
    for index, (name, meaning) in enumerate(_SHAPES):
        y = FIRST + index * PITCH
        _example(sheet, index, y)
        sheet.label(SECOND + 180, y - 3, name, size=13, weight=600, role="ink")
        sheet.label(SECOND + 180, y + 13, meaning)
    bottom = FIRST + (max(len(FAMILIES), len(_SHAPES)) - 1) * PITCH
    described = " ".join(f"{family.name}: {family.meaning}." for family in FAMILIES.values())
    return Drawing(sheet.picture(WIDTH, bottom + 22 + MARGIN), TITLE, described)


def _family(sheet: Sheet, y: float, colour: Colour, family: Family) -> None:
    """A colour as it stands in a strip, on a block and on an inset."""
    swatch = Box(MARGIN, y - 8, 16, 16, radius=2, fill=f"{colour}.solid", open=True)
    sheet.put(swatch)
    sheet.add(hero(MARGIN + 118, y, family.name, colour, wide=172, high=32, size=13))
    sheet.add(pill(MARGIN + 248, y, "part", colour, wide=64))
    sheet.label(MARGIN + 300, y + 4, family.meaning)


def entries(sheet: Sheet, seen: Container[Colour], x: float, y: float) -> None:
    """The mechanisms that a page shows, one after another on a line."""
    for colour, (name, *_) in FAMILIES.items():
        if colour in seen:
            sheet.put(square(x, y - 9, f"{colour}.solid", 10))
            sheet.label(x + 16, y, name, size=12, weight=500, role=f"{colour}.text")
            x += 16 + width(name, 12, 500) + 26


_SHAPES = (
    ("Residual stream", "one unbroken line; a dot is where a branch reads it"),
    ("Sum on the stream, sum in a branch", "what a branch computes is added"),
    ("Product", "a gate"),
    ("Flow", "inside a branch or a mechanism"),
    ("Connector", "from a block to the drawing of what is inside it"),
    ("Letter", "the same where no line can lead without crossing another"),
    ("Weight matrix", "with its input and output width"),
    ("Trapezoid", "a projection whose point is the change of width"),
    ("Drum", "outlives its token: cache or state"),
    ("Dashed", "in the checkpoint, not in every forward pass"),
)


def _example(sheet: Sheet, index: int, y: float) -> None:
    left, right = SECOND, SECOND + 140
    middle = (left + right) / 2
    if index == 0:
        sheet.put(stream_line(Point(left, y), Point(right, y), arrow=True))
        sheet.put(dot(middle, y, "stream", 4.25))
    elif index == 1:
        sheet.add(stream_sum(middle - 24, y))
        sheet.add(operation(middle + 24, y, "+"))
    elif index == 2:
        sheet.add(operation(middle, y, "×"))
    elif index == 3:
        sheet.wire(Point(left, y), Point(right, y))
    elif index == 4:
        points = (Point(left, y), Point(right, y))
        sheet.put(Line(points=points, kind="connector", role="linear.line"))
        sheet.put(dot(right, y, "linear.line"))
    elif index == 5:
        sheet.put(*letter(middle, y, "A", "full.line"))
    elif index == 6:
        sheet.add(matrix(middle, y, "out", "4,096 → 2,048", "full", wide=140))
    elif index == 7:
        sheet.add(trapezoid(middle, y, "7,168 → 512", "latent", narrowing=True))
    elif index == 8:
        sheet.put(drum(middle - 5, y - 5))
    else:
        sheet.add(pill(middle, y, "MTP", "embedding", wide=100, high=24, dashed=True))
