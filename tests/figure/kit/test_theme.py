"""The palette can be read: contrast of every text with what it stands on, in every theme."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from llm_gallery.figure.internals._experts import IDLE
from llm_gallery.figure.kit.signs import squares
from llm_gallery.figure.kit.style import Styles, hatched
from llm_gallery.figure.kit.theme import HATCHES, THEMES, Each, ThemeName
from llm_gallery.mechanisms.colour import FAMILIES, Colour

DOCUMENTED = Path("docs/figures.md").read_text("utf-8")
NAMES: tuple[ThemeName, ...] = get_args(ThemeName)
MECHANISMS: tuple[Colour, ...] = get_args(Colour)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_text_of_a_mechanism(name: ThemeName, mechanism: Colour) -> None:
    theme = THEMES[name]
    text = theme.colour(f"{mechanism}.text")
    assert contrast(text, theme.colour(f"{mechanism}.tint")) >= 4.5
    assert contrast(text, theme.colour("paper")) >= 4.5
    ground = theme.colour("paper") if name == "print" else theme.colour(f"{mechanism}.solid")
    assert contrast(theme.colour(f"{mechanism}.on"), ground) >= 4.5
    assert contrast(theme.colour("ink"), theme.colour(f"{mechanism}.tint")) >= 4.5
    assert contrast(theme.colour("muted"), theme.colour(f"{mechanism}.tint")) >= 4.5


@pytest.mark.parametrize("name", NAMES)
def test_neutrals_and_lines(name: ThemeName) -> None:
    theme = THEMES[name]
    for ground in (theme.colour("paper"), theme.colour("matrix"), theme.colour("lens")):
        assert contrast(theme.colour("ink"), ground) >= 4.5
        assert contrast(theme.colour("muted"), ground) >= 4.5
        assert contrast(theme.colour("flow"), ground) >= 3
        assert contrast(theme.colour("stream"), ground) >= 3
    for mechanism in MECHANISMS:
        if mechanism != "norm":
            assert contrast(theme.colour(f"{mechanism}.line"), theme.colour("paper")) >= 3


@pytest.mark.parametrize("name", NAMES)
def test_colours_are_plain(name: ThemeName) -> None:
    theme = THEMES[name]
    tones = ("solid", "on", "tint", "edge", "text", "line")
    roles = [f"{mechanism}.{tone}" for mechanism in MECHANISMS for tone in tones]
    for role in (*roles, "paper", "ink", "muted", "stream", "flow", "hairline", "frame", "lens"):
        colour = theme.colour(role)
        assert len(colour) == 7
        int(colour[1:], 16)


def test_a_colour_without_tones_is_named() -> None:
    every = {str(name): "" for name in FAMILIES}
    assert Each(**every)._asdict() == every
    with pytest.raises(TypeError, match="'latent'"):
        Each(**{name: "" for name in every if name != "latent"})
    more = {**every, "green": ""}
    with pytest.raises(TypeError, match="'green'"):
        Each(**more)


def test_every_mechanism_has_its_own_hatching() -> None:
    assert set(HATCHES) == set(MECHANISMS)
    assert len(set(HATCHES.values())) == len(MECHANISMS)


@pytest.mark.parametrize("mechanism", FAMILIES)
def test_the_documented_palette_is_the_one_in_use(mechanism: Colour) -> None:
    name, meaning, *_ = FAMILIES[mechanism]
    colours = (THEMES[theme].colour(f"{mechanism}.solid") for theme in ("light", "dark"))
    row = f"| {name} | `{mechanism}` | {meaning} | {' | '.join(colours)} |"
    assert row in DOCUMENTED


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_what_is_lit_stands_out_among_what_is_not(name: ThemeName, mechanism: Colour) -> None:
    """Hatched cells of a state were lighter than the greys that stand for less."""
    theme = THEMES[name]
    assert theme.colour(f"{mechanism}.lit") == theme.colour(f"{mechanism}.solid")
    assert not hatched(f"{mechanism}.lit")
    paper = theme.colour("paper")
    scale = [
        contrast(theme.colour(f"{mechanism}.{tone}"), paper) for tone in ("pale", "edge", "lit")
    ]
    assert scale == sorted(scale)


@pytest.mark.parametrize("name", NAMES)
def test_what_runs_nothing_is_seen(name: ThemeName) -> None:
    """Idle choices were drawn with a hairline's grey: in dark that is its ground's."""
    styles = Styles()
    styles.mark(squares(0, 0, [(0, 0, 20)], IDLE))
    (rule,) = styles.rules(name).values()
    (shown,) = re.findall("stroke:(#......)", rule)
    assert contrast(shown, THEMES[name].colour("matrix")) >= 1.6


@pytest.mark.parametrize("name", NAMES)
def test_text_on_a_tag(name: ThemeName) -> None:
    theme = THEMES[name]
    assert contrast(theme.colour("paper"), theme.colour("ink")) >= 4.5
