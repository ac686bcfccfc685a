"""Text as outlines: a figure that carries them looks the same where no font of ours is, and no font is read.

Inkscape, librsvg and office programs don't read fonts out of an SVG. The text itself stays in the figure,
unseen under its outlines, for those who search, select or listen.
"""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain
from typing import NamedTuple

from llm_gallery.figure.kit.shapes import Text
from llm_gallery.figure.kit.style import Styles
from llm_gallery.figure.kit.svg import Look, Parts, element, number
from llm_gallery.figure.kit.text import steps

START = '<g aria-hidden="true" class="type" pointer-events="none">'
"""Where the outlines begin, which end with the figure."""
_UNSEEN = re.compile(' fill-opacity="0" textLength="[^"]*"')
NAMES = {"400": "r", "500": "m", "600": "s", "400i": "i"}


def without(svg: str) -> str:
    """The figure without outlines, its text visible again."""
    head, mark, _ = svg.partition(START)
    return _UNSEEN.sub("", head) + "</svg>" if mark else svg


@cache
def _courses() -> dict[str, dict[str, dict[str, str]]]:
    table = files("llm_gallery.figure.kit").joinpath("fonts/outlines.json").read_text("utf-8")
    held: dict[str, dict[str, dict[str, str]]] = json.loads(table)
    return held


class Outlines:
    """The glyphs of a figure's texts, each drawn once, and where they are used."""

    def __init__(self) -> None:
        self._glyphs: dict[str, str] = {}
        self._used: dict[Look, list[str]] = {}
        self._origin = (0.0, 0.0)

    def moved(self, dx: float, dy: float) -> Outlines:
        """The same, for texts whose coordinates count from (dx, dy)."""
        other = Outlines()
        other._glyphs, other._used = self._glyphs, self._used
        other._origin = (self._origin[0] + dx, self._origin[1] + dy)
        return other

    def add(self, text: Text, dx: float, dy: float, styles: Styles) -> bool:
        """Sets a text, moved by (dx, dy), from the glyphs; False where the shipped cuts lack one."""
        held = _courses()["400"]["characters"]
        if any(c not in held for span in text.spans for c in span.text):
            return False
        x, y = text.bounds.left + dx + self._origin[0], text.y + dy + self._origin[1]
        for span in text.spans:
            x += span.gap
            size = span.size or text.size
            cut = "400i" if span.italic else str(span.weight or text.weight)
            line = _line(span.text, cut, text.tabular or span.tabular, 1000 * text.tracking / size)
            if line.uses:
                self._glyphs.update(line.glyphs)
                place = f"translate({number(x)} {number(y - span.shift)})scale({size / 1000:g})"
                uses = self._used.setdefault(styles.glyphs(span.role or text.role), [])
                uses.append(f'<g transform="{place}">{line.uses}</g>')
            x += line.wide * size / 1000
        return True

    def svg(self) -> Parts:
        """The glyphs, and the texts of each colour."""
        glyphs = "".join(f'<path d="{d}" id="{name}"/>' for name, d in self._glyphs.items())
        texts = (element("g", {"class": look}, *held) for look, held in self._used.items())
        return [START, *element("defs", {}, glyphs), *chain.from_iterable(texts), "</g>"]


class _Line(NamedTuple):
    """A span set from glyphs, in thousandths of an em."""

    uses: str
    wide: float
    glyphs: dict[str, str]  # by id: the same in every figure, so that figures on one page don't mix


@lru_cache(maxsize=16384)
def _line(text: str, cut: str, tabular: bool, tracking: float) -> _Line:
    at, uses, glyphs = 0.0, [], {}
    for character, before, after in steps(text, cut, tabular):
        at += before
        if character.strip():
            kind = "tabular" if tabular and character in "0123456789" else "characters"
            name = f"{NAMES[cut]}{kind[0]}{ord(character):x}"
            glyphs[name] = _courses()[cut][kind][character]
            place = f' x="{round(at)}"' if round(at) else ""
            uses.append(f'<use href="#{name}"{place}/>')
        at += after + tracking
    return _Line("".join(uses), at, glyphs)
