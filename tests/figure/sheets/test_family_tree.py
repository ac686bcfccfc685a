"""The family tree as drawn: no name covered, no line through one or across another, whatever the dates."""

from __future__ import annotations

from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from llm_gallery.catalog.family_tree import descents, drawn, relatives
from llm_gallery.catalog.load import find
from llm_gallery.figure.kit.shapes import Text
from llm_gallery.figure.kit.theme import THEMES
from llm_gallery.figure.sheets.discs import Relative
from llm_gallery.figure.sheets.family_tree import Descent, Relation, family_tree
from llm_gallery.figure.sheets.tree_dot import period
from llm_gallery.lineage import Lineage
from tests.figure.gates import faults


@pytest.mark.whole
def test_nothing_covers_a_name(tree: Lineage) -> None:
    assert faults(family_tree(list(relatives(tree)), list(descents(tree))).picture) == ()


def test_every_line_says_what_changed(tree: Lineage) -> None:
    root = ElementTree.fromstring(drawn(tree).alone(outlined=False))
    lines = {
        (line.get("data-child"), line.get("data-parent")): line
        for line in root.iter("{http://www.w3.org/2000/svg}path")
        if line.get("data-child")
    }
    line = lines["kimi-k2", "deepseek-v3"]
    assert line.get("data-relation") == "descends"
    assert "fewer dense layers first (3 → 1)" in (line.get("data-changes") or "")
    assert "DeepSeek V3 → Kimi K2, descent, stated by its authors: " in "".join(line.itertext())
    shown = {one.get("data-model") for one in root.iter() if one.get("data-model")}
    assert shown == {model for model, first in tree.originals.items() if model == first}


def test_siblings_are_joined_and_say_what_is_new_since_their_ancestor(
    tree: Lineage,
) -> None:
    root = ElementTree.fromstring(drawn(tree).alone(outlined=False))
    (line,) = (
        line
        for line in root.iter("{http://www.w3.org/2000/svg}path")
        if (line.get("data-child"), line.get("data-parent")) == ("qwen3.5-27b", "qwen3.5-397b-a17b")
    )
    assert line.get("data-relation") == "sibling"
    title = "".join(line.itertext())
    assert title.startswith("Qwen3.5 397B-A17B → Qwen3.5 27B, siblings, since Qwen3-Next 80B-A3B: ")
    assert "a dense MLP instead of experts" in (line.get("data-changes") or "")
    designs = {model: first for model, first in tree.originals.items() if model == first}
    told = {line.child for line in descents(tree) if line.relation == "sibling"}
    assert told == {model for model in designs if model in tree.elder}


def test_equal_input_gives_equal_bytes_in_every_theme(tree: Lineage) -> None:
    for theme in THEMES:
        assert drawn(tree).alone(theme) == drawn(tree).alone(theme)


def alone(day: date, name: str = "A") -> Relative:
    return Relative(
        id=f"{name}{day}",
        name=name,
        organization="x",
        released=day,
        total=10**9,
        active=10**9,
        mechanism="full",
        period=(),
        copies=(),
    )


FIRST = date(2022, 1, 1)
"""One model of this day had "2022" written over "2023", found by a random search."""


@pytest.mark.parametrize(
    "days",
    [
        (FIRST,),
        (date(2022, 12, 31), date(2024, 6, 1)),
        (date(2023, 12, 31), date(2024, 1, 1)),
        (date(2018, 6, 1), date(2019, 1, 1)),
        (date(1956, 6, 18), date(2026, 1, 1)),
        (date(2024, 2, 1), date(2199, 12, 31)),
        (date(1, 1, 1), date(9998, 12, 31)),
    ],
)
def test_labels_of_dates_keep_apart(days: tuple[date, ...]) -> None:
    drawn = family_tree([alone(day) for day in days], []).picture
    assert faults(drawn) == ()
    years = [s for s in drawn.shapes if isinstance(s, Text) and s.size == 12 and s.weight == 600]
    assert years


def test_a_short_past_is_broken_off_and_named() -> None:
    """The first year, the break and 2023 stand side by side."""
    drawn = family_tree([alone(FIRST), alone(date(2025, 1, 1))], []).picture
    said = [
        "".join(s.text for s in shape.spans) for shape in drawn.shapes if isinstance(shape, Text)
    ]
    assert [word for word in said if word.isdecimal()] == ["2022", "2023", "2024", "2025"]


PERIODS = tuple(
    period(find(name).architecture.root)
    for name in ("llama-3-8b", "deepseek-v4-pro", "deepseek-v4.1-flash", "falcon-h1-7b", "kimi-k3")
)


@st.composite
def families(draw: st.DrawFn) -> tuple[list[Relative], list[Descent]]:
    days = sorted(draw(st.lists(st.integers(0, 3000), min_size=1, max_size=25)))
    people, lines = [], []
    for index, day in enumerate(days):
        total = draw(st.integers(1, 4 * 10**12))
        people.append(
            Relative(
                id=f"m{index}",
                name=draw(st.sampled_from(("A", "DeepSeek V3", "Nemotron 3 Super 120B-A12B"))),
                organization=draw(st.sampled_from("xy")),
                released=date(2018, 6, 1) + timedelta(day),
                total=total,
                active=draw(st.integers(1, total)),
                mechanism="full",
                period=draw(st.sampled_from(PERIODS)),
                copies=draw(st.sampled_from(((), ("DeepSeek R1", "DeepSeek V3.1")))),
            )
        )
        parent = draw(st.integers(-1, index - 1))
        if parent >= 0:
            relation: Relation = draw(st.sampled_from(("descends", "resembles", "sibling")))
            line = Descent(child=f"m{index}", parent=f"m{parent}", relation=relation, changes=())
            lines.append(line)
    return people, lines


@settings(max_examples=60, deadline=None)
@example(([alone(FIRST)], []))
@given(families())
def test_whatever_the_family_nothing_covers_a_name(
    family: tuple[list[Relative], list[Descent]],
) -> None:
    assert faults(family_tree(*family, sentence="Some family.").picture) == ()
    ElementTree.fromstring(family_tree(*family).alone(outlined=False))
