"""Class names and rules: short, the same for a look on every page, and apart for each theme."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.figure.kit.shapes import Box
from llm_gallery.figure.kit.style import Styles, digest, in_theme
from llm_gallery.figure.kit.theme import THEMES


def test_a_look_has_a_class_in_each_theme() -> None:
    looks = [f"look {i}" for i in range(2000)]
    names = {theme: [digest(look, theme) for look in looks] for theme in THEMES}
    assert all(len(name) == 4 and name[0].isalpha() for held in names.values() for name in held)
    assert not set(names["light"]) & set(names["dark"])
    assert not set(names["light"]) & set(names["print"])
    assert [in_theme(name, "dark") for name in names["light"]] == names["dark"]


def test_a_rule_has_one_class_whatever_is_drawn_with_it() -> None:
    styles = Styles(printed=False)
    box = Box(x=0, y=0, width=9, height=9, fill="full.tint", edge="ink")
    labelled, thick = replace(box, labelled=True), replace(box, line=2)
    assert styles.box(box) == styles.box(labelled) != styles.box(thick)


def test_light_and_dark_share_their_classes() -> None:
    styles = Styles(printed=False)
    name = styles.box(Box(x=0, y=0, width=9, height=9, fill="full.tint", edge="ink"))
    for theme in ("light", "dark"):
        look = THEMES[theme]
        said = f"fill:{look.colour('full.tint')};stroke:{look.colour('ink')}"
        assert styles.rules(theme) == {in_theme(name, theme): said}


def test_print_hatches_a_solid_and_blackens_what_is_too_small_for_it() -> None:
    styles = Styles(printed=True)
    box = Box(x=0, y=0, width=9, height=9, fill="full.solid")
    styles.box(replace(box, height=3))
    assert styles.patterns() == ""
    styles.box(box)
    assert [rule.partition(";")[0] for rule in styles.rules("print").values()] == [
        f"fill:{THEMES['print'].colour('ink')}",
        "fill:url(#hatch-full)",
    ]
    assert styles.patterns().startswith('<pattern id="hatch-full"')


def test_what_only_outlines_are_drawn_with_can_be_left_out() -> None:
    styles = Styles(printed=False)
    glyphs = styles.glyphs("ink")
    assert glyphs in styles.rules("light")
    assert styles.rules("light", glyphs=False) == {}
