"""The title image of a page that isn't a model's: its name and sentence left, a drawing at its natural size right."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

from llm_gallery.architecture.block import Architecture
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.origin import GALLERY
from llm_gallery.figure.kit.shapes import Picture, Point
from llm_gallery.figure.kit.text import cut, fit, wrap
from llm_gallery.figure.page.depth_strip import depth_strip
from llm_gallery.plan.heading import Heading
from llm_gallery.plan.planning import plan

ACROSS, DOWN, LEAST = 40, 21, 20
"""Px of the sides of the format, and how many times they are taken at least: 800 × 420."""
EDGE = 28.0
"""Px around the drawing, at 800 px across."""
WORDS = 300.0
"""Px across the words, at 800 px across."""
NAMES, SENTENCE, SMALL = (34.0, 30.0, 27.0, 24.0, 21.0), 16.0, 13.0
"""Px of the type there."""
STRIPS, PITCH = 392.0, 58.0
"""Px across the strips of models, and from one to the next."""


class Words(NamedTuple):
    """What a card says."""

    above: str  # what it is a part of
    name: str
    sentence: str
    below: str = ""


def title_card(words: Words, shown: Picture) -> Drawing:
    """The card, 1,200 to 630, and as large as the drawing needs; the words grow with it."""
    free = 1 - 3 * EDGE / 800 - WORDS / 800
    times = max(
        LEAST,
        ceil(shown.height / (DOWN - 2 * EDGE * ACROSS / 800)),
        ceil(shown.width / (ACROSS * free)),
    )
    wide, high = float(ACROSS * times), float(DOWN * times)
    sheet = Sheet()
    _words(sheet, words, times / LEAST, high)
    left = (WORDS + 2 * EDGE) * times / LEAST
    right = wide - EDGE * times / LEAST
    at = Point(round((left + right - shown.width) / 2, 2), round((high - shown.height) / 2, 2))
    picture = Picture(width=wide, height=high, shapes=tuple(sheet.shapes), inside=((at, shown),))
    return Drawing(picture, words.name, words.sentence)


def _words(sheet: Sheet, words: Words, scale: float, high: float) -> None:
    x, room = EDGE * scale, WORDS * scale
    if words.above:
        sheet.label(x, 52 * scale, cut(words.above, room, 14 * scale), size=14 * scale)
    y = 92 * scale
    sizes = tuple(size * scale for size in NAMES)
    fitted = fit((words.name,), room, sizes, 600, tracking=-0.5)
    if fitted is not None:
        sheet.label(x, y, words.name, size=fitted[1], weight=600, role="ink", tracking=-0.5)
    else:
        size = 26 * scale
        two = wrap(words.name, room, size, 600, lines=3)
        y = sheet.lines(x, y, two, 1.2 * size, size=size, weight=600, role="ink") - 1.2 * size
    size = SENTENCE * scale
    y = sheet.lines(
        x,
        y + 38 * scale,
        wrap(words.sentence, room, size, lines=8),
        1.42 * size,
        size=size,
        role="ink",
    )
    if words.below:
        sheet.label(x, y + 14 * scale, cut(words.below, room, SMALL * scale), size=SMALL * scale)
    if words.name != GALLERY:
        sheet.label(x, high - 32 * scale, GALLERY, size=12 * scale)


def strips(models: Sequence[tuple[Architecture, Heading]]) -> Picture:
    """Models under one another, each as the strip of its layers under its name."""
    sheet = Sheet()
    for index, (architecture, heading) in enumerate(models):
        y = PITCH * index
        sheet.label(0, y + 12, cut(heading.line, STRIPS, 12, 500), size=12, weight=500, role="ink")
        depth_strip(
            sheet,
            architecture.root,
            plan(architecture.root),
            STRIPS,
            y + 17,
            token=12,
            channel=5,
        )
    return sheet.picture(STRIPS, PITCH * len(models) - 7)
