"""Models as discs: the area is all parameters, what is seen in it one period of the strip."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import sqrt

from llm_gallery.analysis.parameters import Parameters, sparse
from llm_gallery.analysis.units import bounded, short
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import About, Box, Mark, Point
from llm_gallery.figure.kit.signs import circle
from llm_gallery.figure.kit.text import width
from llm_gallery.figure.sheets.tree_dot import Column, dot
from llm_gallery.mechanisms.colour import Colour

TRILLION = 15.0
"""Px of the radius of a model of 10¹² parameters; the area goes with the parameters."""
SMALLEST = 4.75
"""Px of a radius at least: models under 100 billion parameters are drawn alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relative:
    """A design of the tree: the model that had it first, and its copies."""

    id: str
    name: str
    organization: str
    released: date
    total: int  # parameters
    active: int  # of them, for one token ...
    most: bool = False  # ... at most
    mechanism: Colour  # what most of its layers mix tokens with
    period: tuple[Column, ...]  # what recurs in its strip
    copies: tuple[str, ...] = ()  # names

    @property
    def sparse(self) -> bool:
        """Whether one token leaves a good part unread."""
        return sparse(self.total, self.active)

    @property
    def active_words(self) -> str:
        """The parameters of one token as they are said."""
        return bounded(self.active, self.most)


def radius(parameters: int) -> float:
    """Px."""
    return max(SMALLEST, TRILLION * sqrt(parameters / 1e12))


def size(one: Relative | Parameters) -> str:
    """The parameters in words, with those of one token where it leaves a good part unread."""
    whole = short(one.total)
    return f"{whole}, {one.active_words} active" if one.sparse else whole


def disc(one: Relative, at: Point) -> Iterator[Box | Mark]:
    """All parameters as an area, through which a period of the strip is seen."""
    answer = (
        f"{one.name}, {one.organization}, {one.released.isoformat()}: {short(one.total)} parameters"
    )
    answer += f", {one.active_words} of them for one token" if one.sparse else ""
    about = About("", answer, (("model", one.id),))
    yield from dot(one.period, at, radius(one.total), about)


def key(sheet: Sheet, x: float, y: float) -> None:
    """What the discs' sizes mean, on one line."""
    for count, words in ((10**12, "1T"), (3 * 10**11, "300B"), (10**11, "100B")):
        wide = radius(count)
        sheet.put(circle(x + wide, y - 4, wide, "norm.tint", "norm.line"))
        sheet.label(x + 2 * wide + 6, y, words, size=12)
        x += 2 * wide + 6 + width(words, 12) + 16
    meaning = "parameters by area, drawn as 100B at least; stripes: the repeating layers"
    sheet.label(x, y, meaning, size=12)
