"""Models as discs: the area is all parameters, the core those of one token, the colour what mixes tokens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from math import sqrt

from llm_gallery.analysis.parameters import Parameters, sparse
from llm_gallery.analysis.units import bounded, short
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import About, Box, Point
from llm_gallery.figure.kit.signs import circle
from llm_gallery.figure.kit.text import width
from llm_gallery.mechanisms.colour import Colour

TRILLION = 13.0
"""Px of the radius of a model of 10¹² parameters; the area goes with the parameters."""
SMALLEST = 3.5
"""Px of a radius at least: models under 70 billion parameters are drawn alike."""


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
    return f"{whole}, {one.active_words} active" if sparse(one.total, one.active) else whole


def disc(one: Relative, at: Point) -> Iterator[Box]:
    """All parameters as an area, those of one token as its core; a dense model is solid."""
    answer = (
        f"{one.name}, {one.organization}, {one.released.isoformat()}: {short(one.total)} parameters"
    )
    answer += f", {one.active_words} of them for one token" if one.sparse else ""
    about = About("", answer, (("model", one.id),))
    fill = f"{one.mechanism}.tint" if one.sparse else f"{one.mechanism}.solid"
    wide = radius(one.total)
    yield _round(at, wide, fill, f"{one.mechanism}.line", about)
    if one.sparse:
        core = max(1.5, wide * sqrt(one.active / one.total))
        yield _round(at, core, f"{one.mechanism}.solid", None, about)


def key(sheet: Sheet, x: float, y: float) -> None:
    """What the discs' sizes mean, on one line."""
    for count, words in ((10**12, "1T"), (3 * 10**11, "300B"), (7 * 10**10, "70B")):
        wide = radius(count)
        sheet.put(_round(Point(x + wide, y - 4), wide, "norm.tint", "norm.line", None))
        sheet.label(x + 2 * wide + 6, y, words, size=12)
        x += 2 * wide + 6 + width(words, 12) + 16
    meaning = "parameters by area, drawn as 70B at least; core: those of one token; solid: dense"
    sheet.label(x, y, meaning, size=12)


def _round(at: Point, radius: float, fill: str, edge: str | None, about: About | None) -> Box:
    return replace(circle(*at, radius, fill, edge, about=about), open=radius < SMALLEST)
