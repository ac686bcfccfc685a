"""Whom a model follows, in words: siblings are named as such, and nothing later is called earlier."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

import pytest

from llm_gallery import explain
from llm_gallery.catalog.ancestors import ancestors, siblings
from llm_gallery.explanation import Explanation
from llm_gallery.explanation.kin import LATER
from llm_gallery.lineage import Lineage, Member
from tests.lineage.descents import SIBLINGS


@cache
def explanation(model: str) -> Explanation:
    return explain(model)


def follows(model: str) -> str:
    return next(p.text for p in explanation(model).paragraphs if p.title == "Whom it follows")


@pytest.mark.parametrize(("elder", "younger"), SIBLINGS)
def test_a_sibling_is_no_earlier_design(elder: str, younger: str, tree: Lineage) -> None:
    old, new = tree.members[elder].name, tree.members[younger].name
    for own, other in ((elder, new), (younger, old)):
        said = " ".join(paragraph.text for paragraph in explanation(own).paragraphs)
        assert f"{other}, an earlier design" not in said
        assert f"n earlier design, {other}," not in said
        assert f"descends from {other}" not in said
        assert re.search(r"[Ww]ith its siblings? |; its siblings? ", said)


def test_the_sibling_that_is_nearest_is_named(tree: Lineage) -> None:
    for model, step in tree.elder.items():
        said = follows(model)
        assert step.parent.name in said.split(" came out with it")[0].split(" it descends ")[0], (
            model
        )


def test_the_file_of_ancestors_has_the_trees_siblings(tree: Lineage) -> None:
    found = {model: set(others) for model, others in tree.siblings.items() if others}
    assert {model: set(others) for model, others in siblings().items()} == found
    for model, ancestor in ancestors().items():
        step = tree.parent(model)
        assert step is not None
        elder = "" if step.elder is None else step.elder.id
        assert ancestor == (step.parent.id, step.evidence.kind, elder)


@pytest.mark.whole
def test_nothing_later_is_called_earlier(members: tuple[Member, ...]) -> None:
    """Of what a sentence calls earlier, or says that the model descends from, none came later."""
    released: dict[str, date] = {member.id: member.released for member in members}
    asked = 0
    for member in members:
        for paragraph in explanation(member.id).paragraphs:
            for sentence in paragraph.sentences:
                beside = siblings().get(member.id, ())
                named = [one.target for one in sentence.models if one.target not in beside]
                if re.search(r"\b(earlier|descends from)\b", sentence.text):
                    asked += len(named)
                    assert all(released[one] <= member.released for one in named), sentence.text
                if re.search(r"Its descendants?:|Of later designs", sentence.text):
                    assert all(released[one] >= member.released for one in named), sentence.text
    assert asked > 200


def test_of_bloom_the_later_one_is_called_later() -> None:
    assert "Of later designs MPT 7B is nearest to it." in follows("bloom-176b")


def test_what_is_disputed_is_told() -> None:
    said = follows("solar-open-100b")
    assert said.startswith("Its nearest earlier design is GLM-4.5-Air of July 2025, by similarity")
    assert "Disputed in public: " in said


def test_two_siblings_are_named_and_more_are_counted() -> None:
    assert LATER == 2
    assert follows("qwen3-235b-a22b").startswith(
        "With its siblings Qwen3 32B, Qwen3 8B and 3 more it descends from Qwen2.5 72B "
        "of September 2024, as its authors state."
    )
