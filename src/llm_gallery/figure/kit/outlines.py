"""Text as outlines: a figure that carries them looks the same where no font of ours is, and no font is read.

Inkscape, librsvg and office programs don't read fonts out of an SVG. The text itself stays in the figure,
unseen under its outlines, for those who search, select or listen.
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain
from typing import NamedTuple

from llm_gallery.figure.kit.shapes import Text
from llm_gallery.figure.kit.style import Styles
from llm_gallery.figure.kit.subset import Run
from llm_gallery.figure.kit.svg import Look, Parts, element, place
from llm_gallery.figure.kit.text import Span, steps

START = '<g aria-hidden="true" class="type" pointer-events="none">'
"""Of the texts of a figure or a group, over all that it holds."""
NAMES = {"400": "r", "500": "m", "600": "s", "400i": "i"}


@cache
def _courses() -> dict[str, dict[str, dict[str, str]]]:
    table = files("llm_gallery.figure.kit").joinpath("fonts/outlines.json").read_text("utf-8")
    held: dict[str, dict[str, dict[str, str]]] = json.loads(table)
    return held


class Outlines:
    """The texts of a figure or of a group in it, which are set from glyphs when its file is asked for."""

    def __init__(self, named: str = "") -> None:
        self._texts: list[tuple[Text, float, float, float]] = []
        self._origin = (0.0, 0.0)
        self._glyphs: dict[str, str] = {}  # by id, of the figure
        self._seen: set[str] = set()
        self._named = (
            named  # a few characters that stand for the figure's name: ids begin with them
        )
        self.runs: set[Run] = set()  # what all texts are set in, those that lack a glyph included

    def moved(self, dx: float, dy: float) -> Outlines:
        """The same, for texts whose coordinates count from (dx, dy)."""
        other = self.within()
        other._texts = self._texts
        other._origin = (self._origin[0] + dx, self._origin[1] + dy)
        return other

    def within(self) -> Outlines:
        """For texts of a group, which are drawn in it."""
        other = Outlines(self._named)
        other._glyphs, other._seen, other.runs = self._glyphs, self._seen, self.runs
        return other

    def add(self, text: Text, left: float, dx: float, dy: float) -> bool:
        """Takes a text that begins at `left`, moved by (dx, dy); False where the shipped cuts lack a glyph of it."""
        for span in text.spans:
            self.runs.add((span.text, _cut(text, span), text.tabular or span.tabular))
        if not all(_drawn(span.text) for span in text.spans):
            return False
        self._texts.append((text, left, dx + self._origin[0], dy + self._origin[1]))
        return True

    def glyphs(self) -> str:
        """Those of all texts that are drawn so far, each once."""
        held = self._glyphs.items()
        drawn = "".join(f'<path d="{d}" id="{self._named}{name}"/>' for name, d in held)
        return f'<defs aria-hidden="true">{drawn}</defs>' if drawn else ""

    def svg(self, styles: Styles) -> Parts:
        """The texts of each colour."""
        used: dict[Look, list[str]] = {}
        for text, left, dx, dy in self._texts:
            x, y = left + dx, text.y + dy
            for span in text.spans:
                x += span.gap
                size = span.size or text.size
                cut = _cut(text, span)
                tabular = text.tabular or span.tabular
                line = _line(span.text, cut, tabular, 1000 * text.tracking / size)
                if line.uses:
                    if line.uses not in self._seen:
                        self._seen.add(line.uses)
                        self._glyphs |= line.glyphs
                    drawn = line.uses
                    if self._named:
                        drawn = drawn.replace('"#', f'"#{self._named}')
                    to = f"translate({place(x)} {place(y - span.shift)})scale({_scale(size)})"
                    uses = used.setdefault(styles.glyphs(span.role or text.role), [])
                    uses.append(f'<g transform="{to}">{drawn}</g>')
                x += line.wide * size / 1000
        texts = (element("g", {}, *held, look=look) for look, held in used.items())
        return [START, *chain.from_iterable(texts), "</g>"] if used else []


def _cut(text: Text, span: Span) -> str:
    return "400i" if span.italic else str(span.weight or text.weight)


@lru_cache(maxsize=16384)
def _drawn(text: str) -> bool:
    """Whether the shipped cuts have all glyphs of a text."""
    return _courses()["400"]["characters"].keys() >= set(text)


def _step(at: float) -> int:
    """Where a glyph stands, in steps of four thousandths of an em: of 16 px, finer than the eye, too."""
    return 4 * round(at / 4)


@lru_cache(maxsize=1024)
def _scale(size: float) -> str:
    """From thousandths of an em to px."""
    return f"{size / 1000:g}"


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
            name = f"{NAMES[cut]}{'t' * (kind == 'tabular')}{ord(character):x}"
            glyphs[name] = _courses()[cut][kind][character]
            x = f' x="{_step(at)}"' if _step(at) else ""
            uses.append(f'<use href="#{name}"{x}/>')
        at += after + tracking
    return _Line("".join(uses), at, glyphs)
