"""Class names and rules: short, the same for a look on every page, and apart for each theme."""

from __future__ import annotations

from llm_gallery.figure.shapes import Box
from llm_gallery.figure.style import Styles, digest, in_dark
from llm_gallery.figure.theme import THEMES


def test_a_look_has_a_class_in_each_theme() -> None:
    looks = [f"look {i}" for i in range(2000)]
    names = {theme: [digest(look, theme) for look in looks] for theme in THEMES}
    assert all(len(name) == 4 and name[0].isalpha() for held in names.values() for name in held)
    assert not set(names["light"]) & set(names["dark"])
    assert not set(names["light"]) & set(names["print"])
    assert [in_dark(name) for name in names["light"]] == names["dark"]


def test_what_many_classes_declare_stands_once() -> None:
    styles = Styles(THEMES["light"])
    boxes = [Box(x=0, y=0, width=9, height=9, fill="full.tint", line=n, edge="ink") for n in (1, 2)]
    one, two = (styles.box(box) for box in boxes)
    edge = THEMES["light"].ink
    assert (
        f".{one},.{two}{{fill:{THEMES['light'].colour('full.tint')};stroke:{edge}}}"
        in styles.sheet()
    )
    assert f".{two}{{stroke-width:2}}" in styles.sheet()
