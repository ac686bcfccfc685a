"""Drawings inside pages: they follow the reader's theme, so their looks are rules of one shared style sheet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from llm_gallery.architecture.block import Architecture
from llm_gallery.figure import Detail, Heading, ThemeName, picture, said
from llm_gallery.figure.plan import plan
from llm_gallery.figure.shapes import Picture
from llm_gallery.figure.style import in_dark
from llm_gallery.figure.svg import number
from llm_gallery.figure.theme import THEMES
from llm_gallery.figure.write import Written, body

Looks = dict[str, tuple[str, str]]
"""The rules of each class that a drawing uses: light and dark."""

CARD = 320.0
"""Px of an overview: what a card has room for, on a desktop in three columns and on a phone."""
EDGE = 24.0
"""Px above what is drawn: the stage has a margin of its own."""

_STYLE = re.compile(r"<style>(.*?)</style>|<style/>", re.DOTALL)


@dataclass(frozen=True)
class Plate:
    """A placed drawing with its words: placed once, and written as seldom as can be, for pages and files."""

    picture: Picture
    title: str
    description: str
    taken: bool = False  # whether it is a file too, which carries outlines of its type

    @cached_property
    def written(self) -> Written:
        """The light drawing."""
        return self._written("light")

    @cached_property
    def light(self) -> str:
        """The light drawing, without outlines of its type."""
        return self.written.plain()

    def svg(self, theme: ThemeName) -> str:
        """The drawing by itself, as a file."""
        if theme == "print":
            return self._written(theme).svg()
        return self.written.svg() if theme == "light" else self.written.dark()

    def _written(self, theme: ThemeName) -> Written:
        return Written(self.picture, self.title, self.description, theme, outlined=self.taken)


def _ground(theme: ThemeName) -> str:
    """How the element begins that lays the paper."""
    return f'<rect fill="{THEMES[theme].paper}"'


def plate(architecture: Architecture, heading: Heading, detail: Detail) -> Plate:
    """A model's drawing at a level of detail."""
    return Plate(
        picture(architecture, heading, detail=detail, width=CARD),
        said.title(heading),
        said.description(architecture, plan(architecture.root)),
        taken=True,
    )


def in_page(held: Plate, detail: Detail, looks: Looks) -> Markup:
    """A drawing without style element and ground; its classes are explained in `looks`.

    A strict Content-Security-Policy allows no inline style, and a theme may be chosen in the page: the
    rules go to a style sheet that all pages share, where those that differ become `light-dark()`.
    """
    text = held.light
    _learn(held, looks)
    text = _STYLE.sub("", text, count=1).replace('class="light"', 'class="drawn"', 1)
    ground = text.index(_ground("light"))
    text = text[:ground] + text[text.index(">", ground) + 1 :]
    return Markup(text if detail == "overview" else _headless(text, held.picture))


def _learn(held: Plate, looks: Looks) -> None:
    """Adds the classes of a drawing; those not met before are asked for in the dark theme."""
    rules = held.written.styles("light", glyphs=False).rules
    if rules.keys() <= looks.keys():
        return
    others = held.written.styles("dark", glyphs=False).rules
    looks.update(
        {name: (_sorted(rule), _sorted(others[in_dark(name)])) for name, rule in rules.items()}
    )


def _sorted(rule: str) -> str:
    """What a class declares, in the order of the properties."""
    return ";".join(sorted(rule.split(";")))


def _headless(text: str, drawn: Picture) -> str:
    """Without the head, which a figure has first: the page says name and numbers already."""
    (at, head), (top, _), *_ = drawn.inside
    before, found, after = text.partition(body(head, at, "light"))
    assert found, "the head isn't written as it is by itself"
    cut = top.y - EDGE
    wide, high, left = (number(value) for value in (drawn.width, drawn.height, drawn.height - cut))
    box, size = f'viewBox="0 0 {wide} {high}"', f'height="{high}"'
    shown = f'viewBox="0 {number(cut)} {wide} {left}"'
    return before.replace(box, shown, 1).replace(size, f'height="{left}"', 1) + after
