"""One drawing in all themes: a site's image holds what each theme's own file paints, where it paints it."""

from __future__ import annotations

import re
from typing import get_args
from xml.etree import ElementTree

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.figure import Detail, draw
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.theme import ThemeName
from llm_gallery.figure.sheets.legend import legend

Painted = tuple[str, tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]
"""An element: its name, its attributes, what its classes declare."""
SVG = "{http://www.w3.org/2000/svg}"
SHAPES = tuple(f"{SVG}{name}" for name in ("path", "rect", "circle", "text", "tspan", "g"))
FIGURES: tuple[tuple[str, Detail], ...] = (
    ("deepseek-v3", "phone"),
    ("qwen3-next-80b-a3b", "standard"),
    ("llama-3-8b", "column"),
    ("gemma-3-27b", "card"),
)
THEMES: tuple[ThemeName, ...] = get_args(ThemeName)


def drawing(name: str, detail: Detail) -> Drawing:
    model = find(name)
    return draw(model.architecture, model.heading, detail=detail)


def in_theme(text: str, theme: ThemeName) -> str:
    """As static/save.js makes a file of one theme from an image."""
    fixed = re.sub(rf"#{theme}:target :is\(([^)]*)\)", r"\1", text)
    return fixed.replace(f"#{theme}:target .paper", ".paper")


def painted(text: str) -> list[Painted]:
    """What is painted, in order: by elements and rules that fragments don't ask for."""
    root = ElementTree.fromstring(text)
    sheet = re.sub(r"@font-face\{.*?\}", "", root.findtext(f"{SVG}style") or "")
    rules: list[tuple[set[str], dict[str, str]]] = []
    for selectors, said in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet):
        if ":target" not in selectors:
            declared = (each.split(":", 1) for each in said.split(";"))
            names = {name.strip(". ") for name in selectors.split(",")}
            rules.append((names, dict(declared)))
    found = []
    for element in root.iter():
        if element.tag not in SHAPES or element in (*root.findall(f"{SVG}defs//*"),):
            continue
        classes = set(element.attrib.pop("class", "").split())
        look: dict[str, str] = {}
        for names, said in rules:
            if names & classes:
                look |= said
        if classes == {"paper"}:
            element.attrib.update(look)
            look = {}
        if classes and not look and classes != {"paper"}:  # what this theme doesn't paint
            continue
        if element.attrib.get("id") != "print":
            said = tuple(sorted(element.attrib.items()))
            found.append((element.tag, said, tuple(sorted(look.items()))))
    return found


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("name", "detail"), FIGURES)
def test_an_image_paints_what_the_file_of_a_theme_paints(
    name: str, detail: Detail, theme: ThemeName
) -> None:
    drawn = drawing(name, detail)
    own = painted(drawn.alone(theme, outlined=False))
    assert len(own) > 20
    assert painted(in_theme(drawn.image(), theme)) == own


@pytest.mark.parametrize("theme", THEMES)
def test_a_sheet_as_an_image(theme: ThemeName) -> None:
    drawn = legend()
    assert painted(in_theme(drawn.image(), theme)) == painted(drawn.alone(theme, outlined=False))


@pytest.mark.parametrize(("name", "detail"), FIGURES)
def test_geometry_is_the_same_in_every_theme(name: str, detail: Detail) -> None:
    """By construction: gates on places and order need one theme alone. Print adds stripes on blocks with words."""
    drawn = drawing(name, detail)
    light, dark, printed = (
        [(tag, said) for tag, said, _ in painted(drawn.alone(theme, outlined=False))][1:]
        for theme in THEMES
    )
    assert light == dark
    rest = iter(printed)
    assert all(shape in rest for shape in light)  # in this order
    added = len(printed) - len(light)
    assert 0 <= added <= len(printed) / 10


@pytest.mark.parametrize(("name", "detail"), FIGURES)
def test_an_image_stands_alone(name: str, detail: Detail) -> None:
    """Nothing that an image in a page may not load, no script, and the same bytes each time."""
    text = drawing(name, detail).image()
    assert text == drawing(name, detail).image()
    for forbidden in ("foreignObject", "<filter", "var(", "oklch", "<script"):
        assert forbidden not in text
    assert all(link.startswith("#") for link in re.findall('href="([^"]*)"', text))
    assert all(
        link.startswith(("#", "data:font/woff;")) for link in re.findall(r"url\((.*?)\)", text)
    )
