"""How a tower is drawn: letters as large as its purpose needs, pictures in their place, and what every figure is held to."""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.figure.kit.painting import extent, overlap
from llm_gallery.figure.kit.shapes import Box, Mark, Picture, Shape, Text
from llm_gallery.figure.tower.call_outs import pictures
from llm_gallery.figure.tower.rows import Spot, Tower
from tests.figure import gates
from tests.figure.tower import tower_gates
from tests.figure.tower.tower_gates import core, said, within

NAMES = {"card": 0.03, "paper": 0.03, "slide": 0.0125}
"""Of the width, the size of the smallest names: a card is shown 300 px wide, a paper's column is 85 mm, a slide far away."""
TAGS = {"card": 0.026, "paper": 0.026, "slide": 0.0125}
"""The same of tags and of the line that says where the figure is from."""


def all_faults(picture: Picture, form: str) -> tuple[str, ...]:
    """Those of a tower and of any figure, in words."""
    return (
        *tower_gates.faults(picture, form),
        *_sizes(picture, form),
        *_pictured(picture),
        *gates.faults(picture),
        *gates.hidden(picture),
    )


def _sizes(picture: Picture, form: str) -> Iterator[str]:
    small = {id(shape) for shape in _in(picture, "new", "source")}
    for text in picture.shapes:
        if isinstance(text, Text):
            least = (TAGS if id(text) in small else NAMES)[form]
            if text.size < least * picture.width - 0.01:
                yield f"{said(text)} is set in {text.size:.1f} px"


def _in(picture: Picture, *kinds: str) -> Iterator[Shape]:
    for group in picture.groups:
        if not {*kinds}.isdisjoint(group.kinds.split()):
            yield from picture.shapes[group.start : group.end]


def _pictured(picture: Picture) -> Iterator[str]:
    """Little pictures keep to their place: no word stands on one, and none leaves its block or plate."""
    texts = [shape for shape in picture.shapes if isinstance(shape, Text)]
    tags = [shape for shape in _in(picture, "new") if isinstance(shape, Box)]
    grounds = [s.bounds for s in picture.shapes if isinstance(s, Box) and s.labelled]
    for mark in _in(picture, "picture"):
        if not isinstance(mark, Mark):
            yield f"a {type(mark).__name__.lower()} in a picture"
            continue
        area = extent(mark)
        for text in texts:
            if overlap(core(text), area, 0.5):
                yield f"{said(text)} stands on a picture"
        for tag in tags:
            if overlap(tag.bounds, area, 0.5):
                yield "a tag stands on a picture"
        for ground in grounds:
            if overlap(ground, area, 0.5) and not within(area, ground):
                yield "a picture leaves its block"


def of_calls(tower: Tower) -> tuple[str, ...]:
    """Call-outs without a picture, and pictures for two ideas."""
    drawn = pictures(tower)
    bare = [call for call in tower.calls if call not in drawn and isinstance(call.at, Spot)]
    littles = [little for little, _ in drawn.values()]
    twice = [one for i, one in enumerate(littles) if one in littles[:i]]
    return (*(f"{call.name} has no picture" for call in bare), *(f"{t} twice" for t in twice))
