"""Drawings inside pages: they follow the reader's theme, so their looks are rules of one shared style sheet."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from markupsafe import Markup

from llm_gallery import figure
from llm_gallery.architecture.block import Architecture
from llm_gallery.figure import said
from llm_gallery.figure.plan import plan
from llm_gallery.figure.shapes import Picture, Point
from llm_gallery.figure.style import in_dark
from llm_gallery.figure.write import svg

Looks = dict[str, tuple[str, str]]
"""The rules of each class that a drawing uses: light and dark."""

CARD = 320.0
"""Px of an overview: what a card has room for, on a desktop in three columns and on a phone."""
EDGE = 24.0
"""Px above what is drawn: the stage has a margin of its own."""

_STYLE = re.compile(r"<style>(.*?)</style>|<style/>", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^}]*)\}")


@dataclass(frozen=True, slots=True)
class Plate:
    """A placed drawing with its words: placed once, written for pages, themes and formats."""

    picture: Picture
    title: str
    description: str

    def svg(self, theme: figure.ThemeName) -> str:
        """The drawing by itself, with its font inside."""
        return self.written(theme, embed_font=True)

    def written(
        self, theme: figure.ThemeName, *, embed_font: bool = False, paper: bool = True
    ) -> str:
        """The drawing as text."""
        return svg(
            self.picture,
            theme=theme,
            title=self.title,
            description=self.description,
            embed_font=embed_font,
            paper=paper,
        )


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
    shown = held if detail == "overview" else replace(held, picture=_headless(held.picture))
    text = shown.written("light", paper=False)
    _learned(shown, text, looks)
    return Markup(_STYLE.sub("", text, count=1).replace('class="light"', 'class="drawn"', 1))


def _learned(held: Plate, light: str, looks: Looks) -> None:
    """Adds the classes of a drawing; those not met before are looked up in the dark drawing."""
    rules = _rules(light)
    if rules.keys() - looks.keys():
        others = _rules(held.written("dark", paper=False))
        if others.keys() != set(map(in_dark, rules)):
            raise AssertionError(f"{held.title}: light and dark are different drawings")
        looks.update({name: (rule, others[in_dark(name)]) for name, rule in rules.items()})


def _rules(text: str) -> dict[str, str]:
    """What each class declares, by name of the property: a declaration may be shared by many."""
    style = _STYLE.search(text)
    found: dict[str, list[str]] = {}
    for selectors, declared in _RULE.findall((style and style.group(1)) or ""):
        for selector in selectors.split(","):
            found.setdefault(selector.removeprefix("."), []).extend(declared.split(";"))
    return {name: ";".join(sorted(held)) for name, held in found.items()}


def _headless(drawn: Picture) -> Picture:
    """Without the head, which a figure has first: the page says name and numbers already."""
    _, (top, tower), *rest = drawn.inside
    body = replace(drawn, inside=((top, tower), *rest))
    cut = top.y - EDGE
    return Picture(
        width=drawn.width,
        height=drawn.height - cut,
        shapes=(),
        inside=((Point(0, -cut), body),),
    )
