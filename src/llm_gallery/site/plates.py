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
from llm_gallery.figure.write import svg
from llm_gallery.site.palette import both

Looks = dict[str, str]
"""The rule of each class that a drawing uses."""

CARD = 320.0
"""Px of an overview: what a card has room for, on a desktop in three columns and on a phone."""
EDGE = 24.0
"""Px above what is drawn: the stage has a margin of its own."""

THEMES_OF_PAGES: tuple[figure.ThemeName, ...] = ("light", "dark")

_STYLE = re.compile(r"<style>(.*?)</style>|<style/>", re.DOTALL)
_RULE = re.compile(r"\.(?:light|dark) \.([\w-]+)\{([^}]*)\}")


@dataclass(frozen=True, slots=True)
class Plate:
    """A placed drawing with its words: placed once, written for pages, themes and formats."""

    picture: Picture
    title: str
    description: str

    def svg(self, theme: figure.ThemeName) -> str:
        """The drawing by itself, with its font inside."""
        return svg(
            self.picture,
            theme=theme,
            title=self.title,
            description=self.description,
            embed_font=True,
        )


def plate(architecture: Architecture, heading: figure.Heading, detail: figure.Detail) -> Plate:
    """A model's drawing at a level of detail."""
    return Plate(
        figure.picture(architecture, heading, detail=detail, width=CARD),
        said.title(heading),
        said.description(architecture, plan(architecture.root)),
    )


def in_page(held: Plate, detail: figure.Detail) -> tuple[Markup, Looks]:
    """A drawing without style element and ground, and the rule of each of its classes.

    A strict Content-Security-Policy allows no inline style, and a theme may be chosen in the page: the
    drawing is written light and dark, and the rules that differ become `light-dark()`.
    """
    drawn = held.picture if detail == "overview" else _headless(held.picture)
    texts, rules = [], []
    for theme in THEMES_OF_PAGES:
        text = svg(drawn, theme=theme, title=held.title, description=held.description, paper=False)
        style = _STYLE.search(text)
        rules.append(dict(_RULE.findall((style and style.group(1)) or "")))
        texts.append(_STYLE.sub("", text, count=1).replace(f'class="{theme}"', 'class="drawn"', 1))
    if texts[0] != texts[1] or rules[0].keys() != rules[1].keys():
        raise AssertionError(f"{held.title}: light and dark are different drawings")
    return Markup(texts[0]), {name: _merged(rules[0][name], rules[1][name]) for name in rules[0]}


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


def _merged(light: str, dark: str) -> str:
    """The declarations of a rule; a colour that differs between the themes becomes a pair."""
    pairs = zip(light.split(";"), dark.split(";"), strict=True)
    declarations = [(one.partition(":"), two.partition(":")) for one, two in pairs]
    return "; ".join(f"{one[0]}: {both(one[2], two[2])}" for one, two in declarations)
