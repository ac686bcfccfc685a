"""The family tree as drawn: no name covered, no line through one or across another, whatever the dates."""

from __future__ import annotations

from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llm_gallery.catalog.kinship import descents, drawn, relatives
from llm_gallery.catalog.members import members
from llm_gallery.figure.discs import Relative
from llm_gallery.figure.family_tree import Descent, Evidence, family_tree, page
from llm_gallery.figure.gates import faults
from llm_gallery.figure.theme import THEMES
from llm_gallery.lineage import Lineage, lineage


@pytest.fixture(scope="module")
def tree() -> Lineage:
    return lineage(members())


def test_nothing_covers_a_name(tree: Lineage) -> None:
    assert faults(page(list(relatives(tree)), list(descents(tree)), title="Family tree")) == ()


def test_every_line_says_what_changed(tree: Lineage) -> None:
    root = ElementTree.fromstring(drawn(tree, outlined=False))
    lines = {
        (line.get("data-child"), line.get("data-parent")): line
        for line in root.iter("{http://www.w3.org/2000/svg}path")
        if line.get("data-child")
    }
    line = lines["kimi-k2", "deepseek-v3"]
    assert line.get("data-evidence") == "both"
    assert "one dense layer instead of three" in (line.get("data-changes") or "")
    assert "DeepSeek V3 → Kimi K2, measured and stated" in "".join(line.itertext())
    shown = {one.get("data-model") for one in root.iter() if one.get("data-model")}
    assert shown == {model for model, first in tree.originals.items() if model == first}


def test_equal_input_gives_equal_bytes_in_every_theme(tree: Lineage) -> None:
    for theme in THEMES:
        assert drawn(tree, theme=theme) == drawn(tree, theme=theme)


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
                copies=draw(st.sampled_from(((), ("DeepSeek R1", "DeepSeek V3.1")))),
            )
        )
        parent = draw(st.integers(-1, index - 1))
        if parent >= 0:
            evidence: Evidence = draw(st.sampled_from(("both", "measured")))
            line = Descent(child=f"m{index}", parent=f"m{parent}", evidence=evidence, changes=())
            lines.append(line)
    return people, lines


@settings(max_examples=60, deadline=None)
@given(families())
def test_whatever_the_family_nothing_covers_a_name(
    family: tuple[list[Relative], list[Descent]],
) -> None:
    assert faults(page(*family, title="Family tree", sentence="Some family.")) == ()
    ElementTree.fromstring(family_tree(*family, outlined=False))
