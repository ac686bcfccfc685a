"""Drawings inside pages: they follow the reader's theme, so their looks are rules of one shared style sheet."""

from __future__ import annotations

import re
from typing import Literal

from markupsafe import Markup

from llm_gallery import figure
from llm_gallery.architecture.block import Architecture
from llm_gallery.figure.theme import ThemeName
from llm_gallery.site.palette import both

Detail = Literal["overview", "standard", "full"]
Looks = dict[str, str]

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_RULE = re.compile(r"\.(?:light|dark) \.([\w-]+)\{([^}]*)\}")
_GROUND = re.compile(r'<rect fill="#[0-9A-Fa-f]{6}" height="[\d.]+" width="[\d.]+"/>')


def in_page(
    architecture: Architecture, heading: figure.Heading, detail: Detail
) -> tuple[Markup, Looks]:
    """A drawing without style element and ground, and the rule of each of its classes.

    A strict Content-Security-Policy allows no inline style, and a theme may be chosen in the page: the
    same drawing is made light and dark, and the rules that differ become `light-dark()`.
    """
    light, light_rules = _parted(architecture, heading, "light", detail)
    dark, dark_rules = _parted(architecture, heading, "dark", detail)
    if light != dark or light_rules.keys() != dark_rules.keys():
        raise AssertionError(f"{heading.name}: light and dark are different drawings")
    looks = {name: _merged(rule, dark_rules[name]) for name, rule in light_rules.items()}
    return Markup(light), looks


def _parted(
    architecture: Architecture, heading: figure.Heading, theme: ThemeName, detail: Detail
) -> tuple[str, Looks]:
    """The drawing and its rules, each without what belongs to the theme."""
    text = figure.draw(architecture, heading, theme=theme, detail=detail, embed_font=False)
    style = _STYLE.search(text)
    rules = dict(_RULE.findall(style.group(1))) if style else {}
    plain = _GROUND.sub("", _STYLE.sub("", text, count=1), count=1)
    return plain.replace(f'class="{theme}"', 'class="drawn"', 1), rules


def _merged(light: str, dark: str) -> str:
    pairs = zip(light.split(";"), dark.split(";"), strict=True)
    declarations = [(one.partition(":"), two.partition(":")) for one, two in pairs]
    return "; ".join(f"{one[0]}: {both(one[2], two[2])}" for one, two in declarations)
