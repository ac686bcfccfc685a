"""Drawings inside pages: they follow the reader's theme, so their looks are rules of one shared style sheet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from llm_gallery import figure
from llm_gallery.architecture.block import Architecture
from llm_gallery.figure import said
from llm_gallery.figure.plan import plan
from llm_gallery.figure.shapes import Picture
from llm_gallery.figure.style import in_dark
from llm_gallery.figure.svg import number
from llm_gallery.figure.theme import THEMES
from llm_gallery.figure.write import body, svg

Looks = dict[str, tuple[str, str]]
"""The rules of each class that a drawing uses: light and dark."""

CARD = 320.0
"""Px of an overview: what a card has room for, on a desktop in three columns and on a phone."""
EDGE = 24.0
"""Px above what is drawn: the stage has a margin of its own."""

_STYLE = re.compile(r"<style>(.*?)</style>|<style/>", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^}]*)\}")


@dataclass(frozen=True)
class Plate:
    """A placed drawing with its words: placed once, written once a theme, for pages and files."""

    picture: Picture
    title: str
    description: str

    @cached_property
    def light(self) -> str:
        """The light drawing, without its font."""
        return self.written("light")

    @cached_property
    def alone(self) -> str:
        """The light drawing, with outlines of its type inside."""
        return self.written("light", outlined=True)

    def written(self, theme: figure.ThemeName, *, outlined: bool = False) -> str:
        """The drawing as text."""
        return svg(
            self.picture,
            theme=theme,
            title=self.title,
            description=self.description,
            outlined=outlined,
        )

    def svg(self, theme: figure.ThemeName) -> str:
        """The drawing by itself, with outlines of its type inside."""
        return self.alone if theme == "light" else self.written(theme, outlined=True)


def _ground(theme: figure.ThemeName) -> str:
    """How the element begins that lays the paper."""
    return f'<rect fill="{THEMES[theme].paper}"'


def plate(architecture: Architecture, heading: figure.Heading, detail: figure.Detail) -> Plate:
    """A model's drawing at a level of detail."""
    return Plate(
        figure.picture(architecture, heading, detail=detail, width=CARD),
        said.title(heading),
        said.description(architecture, plan(architecture.root)),
    )


def in_page(held: Plate, detail: figure.Detail, looks: Looks) -> Markup:
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
    """Adds the classes of a drawing; those not met before are looked up in the dark drawing."""
    rules = _rules(held.light)
    if rules.keys() <= looks.keys():
        return
    others = _rules(held.written("dark"))
    if others.keys() != set(map(in_dark, rules)):
        raise AssertionError(f"{held.title}: light and dark are different drawings")
    looks.update({name: (rule, others[in_dark(name)]) for name, rule in rules.items()})


def _rules(text: str) -> dict[str, str]:
    """What each class declares, in the order of the properties; a sheet says in one rule what several share."""
    declared: dict[str, list[str]] = {}
    style = _STYLE.search(text)
    for selectors, declarations in _RULE.findall((style and style.group(1)) or ""):
        for name in selectors.split(","):
            declared.setdefault(name.removeprefix("."), []).extend(declarations.split(";"))
    return {name: ";".join(sorted(found)) for name, found in declared.items()}


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
