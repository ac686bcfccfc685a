"""Class names and rules: short, the same for a look on every page, and apart for each theme."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree

from llm_gallery.figure.kit.shapes import Box, Mark, Row
from llm_gallery.figure.kit.style import Styles, digest, in_theme
from llm_gallery.figure.kit.style_sheet import style_sheet
from llm_gallery.figure.kit.theme import THEMES


def test_a_look_has_a_class_in_each_theme() -> None:
    looks = [f"look {i}" for i in range(2000)]
    names = {theme: [digest(look, theme) for look in looks] for theme in THEMES}
    assert all(len(name) == 4 and name[0].isalpha() for held in names.values() for name in held)
    assert not set(names["light"]) & set(names["dark"])
    assert not set(names["light"]) & set(names["print"])
    assert [in_theme(name, "dark") for name in names["light"]] == names["dark"]


def test_a_rule_has_one_class_whatever_is_drawn_with_it() -> None:
    styles = Styles()
    box = Box(x=0, y=0, width=9, height=9, fill="full.tint", edge="ink")
    labelled, thick = replace(box, labelled=True), replace(box, line=2)
    assert styles.box(box) == styles.box(labelled) != styles.box(thick)


def test_light_and_dark_share_their_classes() -> None:
    styles = Styles()
    name = styles.box(Box(x=0, y=0, width=9, height=9, fill="full.tint", edge="ink"))
    for theme in ("light", "dark"):
        look = THEMES[theme]
        said = f"fill:{look.colour('full.tint')};stroke:{look.colour('ink')}"
        assert styles.rules(theme) == {in_theme(name, theme): said}


def test_print_hatches_a_solid_and_blackens_what_is_too_small_for_it() -> None:
    styles = Styles()
    box = Box(x=0, y=0, width=9, height=9, fill="full.solid")
    styles.box(replace(box, height=3))
    assert styles.in_print().patterns == ""
    styles.box(box)
    assert [rule.partition(";")[0] for rule in styles.rules("print").values()] == [
        f"fill:{THEMES['print'].colour('ink')}",
        "fill:url(#hatch-full)",
    ]
    assert styles.in_print().patterns.startswith('<pattern id="hatch-full"')


def test_each_cell_of_a_row_shows_the_same_of_its_hatching() -> None:
    """At a pitch of 3.68 px a hatching over the page made ninety equal layers ninety different bars."""
    styles = Styles()
    row = Row(before=7.36, pitch=3.68, width=36.8)
    cells = Mark(31.36, 10, "h3v30h-3z", fill="latent.solid", row=row)
    first = replace(cells, x=24, row=row._replace(before=0.0))
    assert styles.mark(cells).printed == styles.mark(first).printed
    assert styles.mark(cells).printed != styles.mark(replace(cells, y=50)).printed
    assert styles.mark(cells) == styles.mark(
        replace(cells, y=50)
    )  # light and dark have no hatching
    patterns = ElementTree.fromstring(f"<svg>{styles.in_print().patterns}</svg>")
    (tile,) = (each for each in patterns if each.get("patternTransform") == "translate(24 4)")
    assert tile.attrib["width"] == "36.8"
    assert _starts(tile) >= {round(3.68 * cell, 2) for cell in range(10)}


def _starts(tile: ElementTree.Element) -> set[float]:
    """Where cells begin in a tile, with what is used in it again."""

    def of(element: ElementTree.Element, at: float) -> Iterator[float]:
        if element.tag == "path":
            yield round(at, 2)
        if element.tag == "use":
            used = element.attrib["href"].removeprefix("#")
            (again,) = (each for each in tile.iter("g") if each.get("id") == used)
            yield from of(again, at + float(element.attrib["x"]))
        for child in element:
            yield from of(child, at)

    return set(of(tile, 0.0))


def test_a_swatch_shows_its_hatching_from_its_corner_on() -> None:
    styles = Styles()
    swatch = Box(x=10, y=10, width=9, height=9, fill="moe.solid")
    moved = styles.box(replace(swatch, x=13)).printed
    assert styles.box(swatch).printed != moved
    assert styles.box(swatch, 3, 0).printed == moved
    assert styles.box(swatch) == styles.box(
        replace(swatch, x=13)
    )  # light and dark have no hatching
    plain = replace(swatch, fill="full.solid")
    assert styles.box(plain).printed == styles.box(replace(plain, x=13)).printed
    bar = replace(swatch, width=90)
    assert styles.box(bar).printed == styles.box(replace(bar, x=13)).printed


def test_what_only_outlines_are_drawn_with_can_be_left_out() -> None:
    styles = Styles()
    glyphs = styles.glyphs("ink")
    assert glyphs in styles.rules("light")
    assert styles.rules("light", glyphs=False) == {}


def test_a_declaration_of_many_classes_is_written_once() -> None:
    rules = {"a1": "fill:#FFFFFF;stroke:none", "b2": "fill:#FFFFFF", "c3": "fill:#FFFFFF;x:1"}
    assert style_sheet(rules) == ".a1,.b2,.c3{fill:#FFFFFF}.a1{stroke:none}.c3{x:1}"
    assert style_sheet({"a1": "x:1;y:2", "b2": "x:1"}) == ".a1{x:1;y:2}.b2{x:1}"
