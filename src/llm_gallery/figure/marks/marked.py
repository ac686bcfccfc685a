"""The step from a finished figure to a marked one: shapes in, shapes out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.shapes import Box, Picture, Point, Text, flat, moved
from llm_gallery.figure.marks.given import Marks
from llm_gallery.figure.marks.notes import Margins, margins
from llm_gallery.figure.marks.places import meant, places
from llm_gallery.figure.marks.spotlight import areas, edges, faded, numbers, rings
from llm_gallery.figure.marks.written import written

TITLE = 1.3
"""Lines of a title, by its type, from one to the next."""
WORDS, LEAST = 12.0, 11.0
"""Px of the words of a figure whose marks have their natural size, and of the smallest that set it."""


def marked(drawing: Drawing, root: Block, given: Marks) -> Drawing:
    """The drawing of a model with a reader's marks, larger by what they need.

    Raises Refusal where a mark means no part that the figure shows.
    """
    picture = drawing.picture
    unit = _unit(picture)
    shown = places(picture, root) if given.highlight or given.notes else ()
    found = [meant(word, shown, root) for word in given.highlight]
    bright = tuple(dict.fromkeys(a for held in found for a in areas(picture, held, shown)))
    ringed = tuple(rings(bright, unit))
    at = [
        (text, [*edges(areas(picture, meant(word, shown, root), shown), bright, unit)])
        for word, text in given.notes.items()
    ]
    beside = margins(replace(picture, shapes=(*picture.shapes, *ringed)), at, unit)
    base = faded(picture, (*bright, *numbers(picture, found)), unit) if bright else picture
    page = _page(base, beside, given.title, ringed)
    title = f"{given.title} ({drawing.title})" if given.title else drawing.title
    said = (f"Note on {word}: {text}" for word, text in given.notes.items())
    heard = f" Marked: {', '.join(given.highlight)}." if given.highlight else ""
    return replace(
        drawing,
        picture=page,
        title=title,
        description=" ".join((drawing.description + heard, *said)).strip(),
    )


def _page(base: Picture, beside: Margins, title: str, ringed: Sequence[Box]) -> Picture:
    """The figure between its margins, under its title."""
    sheet = Sheet()
    wide = beside.left + base.width + beside.right
    top = _title(sheet, base, title, beside.left, wide)
    sheet.inside.append((Point(beside.left, top), base))
    over = (*ringed, *beside.shapes)
    if over:
        part = Picture(width=wide, height=0, shapes=moved(over, beside.left, top))
        sheet.hold(0, 0, part)
    return sheet.picture(wide, top + base.height + beside.bottom)


def _title(sheet: Sheet, base: Picture, title: str, left: float, wide: float) -> float:
    """The title over the figure's name, in its type and as many lines as it needs; gives the px that it takes."""
    if not title:
        return 0.0
    texts = [shape for shape in flat(base) if isinstance(shape, Text)]
    name = min(texts, key=lambda text: (text.bounds.top, text.bounds.left))
    edge = name.bounds.left
    x = left + edge
    lines = written(title, wide - x - edge, name.size, 600)
    y = name.bounds.top + 0.73 * name.size
    low = sheet.lines(x, y, lines, TITLE * name.size, size=name.size, weight=600, role="ink")
    return low - y + name.size * 0.2


def _unit(picture: Picture) -> float:
    """What its marks are larger by: as the middle one of its letters is to 12 px."""
    letters: Counter[float] = Counter()
    for shape in flat(picture):
        if isinstance(shape, Text):
            letters[shape.size] += sum(len(span.text) for span in shape.spans)
    middle, seen = letters.total() / 2, 0
    for size, count in sorted(letters.items()):
        seen += count
        if seen >= middle:
            return max(size, LEAST) / WORDS
    return 1.0
