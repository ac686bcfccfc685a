"""Hatchings of the print theme: tiles over the page, or from a swatch's or a cell's corner on."""

from __future__ import annotations

from hashlib import blake2s
from typing import NamedTuple

from llm_gallery.figure.kit.svg import number
from llm_gallery.figure.kit.theme import HATCHES, THEMES

SWATCH = 13.0
"""Px of a side under which an area shows too little of a hatching not to begin at its corner."""


TILE = 6
"""Px of a tile: those that begin so far apart are one."""


class Corner(NamedTuple):
    """Where a hatching begins; and where cells stand in a row, px from one to the next and of all."""

    x: float
    y: float
    pitch: float = 0.0
    width: float = 0.0


class Hatch(NamedTuple):
    """A fill in print: a mechanism's hatching, over the page or from a corner on."""

    mechanism: str
    corner: Corner | None = None


def hatch(mechanism: str, corner: Corner | None = None) -> Hatch:
    """The hatching of an area; corners that show the same of it are one."""
    if corner is None or not HATCHES[mechanism].startswith(
        "<path"
    ):  # a plain one is the same everywhere
        return Hatch(mechanism)
    y = round(corner.y) % TILE
    if not corner.pitch:
        return Hatch(mechanism, Corner(round(corner.x) % TILE, y))
    return Hatch(mechanism, corner._replace(y=y))


def plain(hatch: Hatch) -> str | None:
    """The colour of a hatching that is one colour all over; None of any other."""
    tile = HATCHES[hatch.mechanism]
    if not tile:
        return THEMES["print"].colour("paper")
    return tile.partition('fill="')[2].partition('"')[0] if tile.startswith("<rect") else None


class Hatchings:
    """The hatchings that a figure uses, each with a name that means the same on any page, or is the figure's own."""

    def __init__(self, named: str = "") -> None:
        self._named = named
        self._patterns: dict[str, str] = {}

    def fill(self, hatch: Hatch) -> str:
        """What fills an area."""
        mechanism, corner = hatch
        name = f"{self._named}hatch-{mechanism}"
        ground = f'<path fill="{THEMES["print"].colour("paper")}" d="M0 0h6v6H0z"/>'
        tile = 'width="6" height="6" patternUnits="userSpaceOnUse"'
        whole = f'<pattern id="{name}" {tile}>{ground}{HATCHES[mechanism]}</pattern>'
        self._patterns.setdefault(name, whole)
        if corner is None:
            return f"url(#{name})"
        if not corner.pitch:
            x, y = number(corner.x), number(corner.y)
            own = f"{name}-{x}{y}"
            moved = f'href="#{name}" patternTransform="translate({x} {y})"'
            self._patterns.setdefault(own, f'<pattern id="{own}" {moved}/>')
            return f"url(#{own})"
        left, y, pitch, width = map(number, corner)
        own = self._named + _short(f"{mechanism} {left} {y} {pitch} {width}")
        moved = f'href="#{name}" patternTransform="translate({left} {y})" width="{width}"'
        content = _row(f"url(#{name})", own, corner)
        self._patterns.setdefault(own, f'<pattern id="{own}" {moved}>{content}</pattern>')
        return f"url(#{own})"

    def patterns(self) -> str:
        """Their tiles."""
        return "".join(self._patterns.values())


def _row(hatching: str, name: str, corner: Corner) -> str:
    """A hatching anew in each cell, as one tile: cells would otherwise differ in what they show of it.

    A tile a cell would be shorter, but renderers round a tile to whole pixels, and a row drifts.
    """
    step, own = corner.pitch, name
    content = f'<path fill="{hatching}" d="M0 0h{step:.4f}v6H0z"/>'
    while step < corner.width:  # twice as many at each turn
        own += "-"
        content = f'<g id="{own}">{content}</g><use href="#{own}" x="{step:.4f}"/>'
        step *= 2
    return content


def _short(said: str) -> str:
    """A name that stands for what is said."""
    return "h" + blake2s(said.encode(), digest_size=4).hexdigest()
