"""The family tree: known descents are found by measure alone, nothing descends from the future, copies fold."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llm_gallery.analysis.concepts import concepts
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.followers import names
from llm_gallery.comparison import Difference, profile
from llm_gallery.lineage import (
    Claim,
    Lineage,
    Member,
    descendants,
    lineage,
    path,
    path_text,
    text,
    to_json,
)
from llm_gallery.lineage.inheritance import inherits, related
from llm_gallery.lineage.recipe import apart, recipe
from tests import described_catalog
from tests.lineage.descents import DESCENTS


def designs(tree: Lineage, child: str) -> list[str]:
    """The designs that are named as ancestors, the nearest first; those of a copy's original behind it."""
    original = tree.originals[child]
    named = [step for model in dict.fromkeys((child, original)) for step in tree.measured[model]]
    return list(dict.fromkeys(tree.originals[step.parent.id] for step in named))


@pytest.fixture(scope="module")
def silent(members: tuple[Member, ...]) -> Lineage:
    """The tree of a world in which nobody states anything."""
    return lineage(members, ())


def test_documented_descents_are_measured(tree: Lineage, silent: Lineage) -> None:
    assert len(DESCENTS) >= 40
    for found, share in ((silent, 0.1), (tree, 0.05)):
        missed = [
            (child, parent)
            for child, parent, _, _ in DESCENTS
            if found.originals[parent] not in designs(found, child)
        ]
        assert len(missed) <= share * len(DESCENTS), missed


def test_documented_descents_are_mostly_the_nearest(tree: Lineage, silent: Lineage) -> None:
    for found, share in ((silent, 0.25), (tree, 0.05)):  # a dense catalog has nearer ones
        missed = []
        for child, parent, _, _ in DESCENTS:
            own = found.originals[child]
            nearest = [one for one in designs(found, child) if one != own]
            design = found.originals[parent]
            if design != own and nearest[:1] != [design]:
                missed.append((child, parent, nearest[:1]))
        assert len(missed) <= share * len(DESCENTS), missed


def test_without_claims_code_and_series_are_left(silent: Lineage) -> None:
    kinds = {step.evidence.kind for steps in silent.measured.values() for step in steps}
    assert "authors" not in kinds
    assert {"series", "code", "mixer", "measure"} <= kinds


def test_what_authors_name_comes_before_a_nearer_resemblance(
    tree: Lineage, silent: Lineage
) -> None:
    assert [step.parent.id for step in silent.measured["phi-3-mini"]][:1] == ["mistral-7b-v0.1"]
    first, second, *_ = tree.measured["phi-3-mini"]
    assert (first.parent.id, first.evidence.kind) == ("llama-2-7b", "authors")
    assert second.distance < first.distance


def test_a_copy_that_descends_from_another_stands_under_that(tree: Lineage) -> None:
    first, second, *_ = tree.measured["phi-4"]
    assert (first.parent.id, first.evidence.kind) == ("phi-3-mini", "authors")
    assert (second.copy, second.evidence.relation) == ("scale", "resembles")
    assert tree.originals["phi-4"] == "phi-4"
    assert tree.originals["deepseek-llm-67b"] == "llama-2-70b", (
        "one that follows its original folds"
    )


@pytest.mark.parametrize(("child", "parent", "keys", "source"), DESCENTS)
def test_a_documented_step_names_what_changed(
    tree: Lineage, child: str, parent: str, keys: tuple[str, ...], source: str
) -> None:
    old, new = tree.members[parent], tree.members[child]
    found = {change.key for change in Difference(profile(old), profile(new)).changes}
    assert set(keys) <= found
    assert old.released <= new.released
    assert source.startswith("https://")


def test_no_edge_leads_into_the_past(tree: Lineage) -> None:
    for edge in to_json(tree)["edges"]:
        older, newer = tree.members[edge["parent"]], tree.members[edge["child"]]
        assert older.released <= newer.released
        assert older is not newer


def test_the_edge_says_what_changed(tree: Lineage) -> None:
    (edge,) = (
        edge
        for edge in to_json(tree)["edges"]
        if (edge["child"], edge["evidence"]) == ("kimi-k2", "measured") and edge["rank"] == 1
    )
    said = {change["key"]: (change["old"], change["new"]) for change in edge["changes"]}
    assert said["latent_attention.heads"] == (128, 64)
    assert said["moe.experts"] == (256, 384)
    assert said["channel_mixer.layout"] == ("first 3", "first 1")
    assert edge["same_code"] is True
    assert edge["distance"] == round(sum(change["weight"] for change in edge["changes"]), 3)


def test_every_key_is_documented(tree: Lineage) -> None:
    docs = (Path(__file__).parents[2] / "docs" / "lineage.md").read_text("utf-8")
    said = to_json(tree)
    rows = [said, said["nodes"][0], *said["edges"], *said["disagreements"]]
    for key in {key for row in rows for key in row}:
        assert f'"{key}"' in docs, key


def test_the_order_of_the_input_changes_nothing(members: tuple[Member, ...], tree: Lineage) -> None:
    shuffled = list(members)
    Random(5).shuffle(shuffled)
    assert to_json(lineage(shuffled)) == to_json(tree)


def test_copies_fold_into_the_earliest_of_their_design(members: tuple[Member, ...]) -> None:
    base = next(member for member in members if member.id == "deepseek-v3")
    later = [
        replace(base, id=f"copy-{n}", name=f"Copy {n}", released=base.released + timedelta(n))
        for n in (1, 2)
    ]
    child = next(member for member in members if member.id == "kimi-k2")
    tree = lineage([child, *later, base], ())
    assert [step.parent.id for step in tree.measured["copy-2"]] == ["deepseek-v3"]
    assert tree.measured["copy-2"][0].copy == "exact"
    assert tree.originals == {
        "deepseek-v3": "deepseek-v3",
        "copy-1": "deepseek-v3",
        "copy-2": "deepseek-v3",
        "kimi-k2": "kimi-k2",
    }
    assert [step.parent.id for step in tree.measured["kimi-k2"]] == ["deepseek-v3"]
    assert tree.generations == {"deepseek-v3": 0, "copy-1": 0, "copy-2": 0, "kimi-k2": 1}
    assert "DeepSeek V3 (+ Copy 1, Copy 2)" in text(tree, names())


def test_a_focused_tree_holds_what_follows_one_model(tree: Lineage) -> None:
    branch = descendants(tree, "deepseek-v3")
    assert branch.generations["deepseek-v3"] == 0
    assert "kimi-k2" in branch.members
    assert "olmo-2-7b" not in branch.members
    assert all(branch.parent(model) for model in branch.members if model != "deepseek-v3")


def test_what_follows_a_recipe_keeps_a_third_of_what_sets_it_apart(tree: Lineage) -> None:
    """A dense model that took experts, latent attention and all that they bring out again is not listed."""
    root = tree.members["deepseek-v3"]
    defining = apart(root, tree.members.values())
    assert {"multi-head-latent-attention", "mixture-of-experts", "shared-expert"} <= set(defining)
    assert not {"rope", "swiglu", "pre-norm"} & set(defining), "nearly everybody had them"
    branch = descendants(tree, "deepseek-v3")
    for member in branch.members.values():
        kept = set(recipe(root, member).kept) & set(defining)
        assert 3 * len(kept) >= len(defining), member.id
    assert all(step.child.id not in branch.members for step in branch.left)
    ended = descendants(tree, "deepseek-moe-16b")
    assert ("kimi-linear-48b-a3b", "kimi-k3") in {
        (step.parent.id, step.child.id) for step in ended.left
    }
    assert "kimi-k3" not in ended.members
    assert "Kimi K3, after Kimi Linear 48B-A3B: Keeps 4 of the 8" in text(ended, names())
    left = next(one for one in to_json(ended)["left"] if one["id"] == "kimi-k3")
    assert left["parent"] == "kimi-linear-48b-a3b"
    docs = (Path(__file__).parents[2] / "docs" / "lineage.md").read_text("utf-8")
    assert all(f'"{key}"' in docs for key in left)


def test_what_the_page_says_of_examples_is_what_the_command_says(tree: Lineage) -> None:
    docs = (Path(__file__).parents[2] / "docs" / "lineage.md").read_text("utf-8")
    links = re.findall(r'"((?:resembles|nearest to) [^"]+ \(distance [\d.]+\))"', docs)
    assert len(links) == 2
    sibling = "sibling of MiMo-V2.5-Pro 1.02T, from MiMo-V2-Flash 309B"
    assert sibling in docs
    assert f", {sibling} (" in text(tree, names())
    assert all(f", {link}: " in text(tree, names()) for link in links)
    grouped, spark = tree.members["llama-2-70b"], tree.members["spark-x2.5-4b"]
    kept = recipe(grouped, spark).kept
    assert (len(kept), len(grouped.concepts), len(spark.concepts)) == (3, 4, 10)
    ended = descendants(tree, "llama-2-70b")
    assert ("cwm-32b", "spark-x2.5-4b") in {(s.parent.id, s.child.id) for s in ended.left}
    assert "cwm-32b" in ended.members


def test_the_first_model_is_set_apart_by_all_that_it_has(tree: Lineage) -> None:
    first = next(iter(tree.members.values()))
    assert apart(first, tree.members.values()) == concepts(first.architecture.root)


def test_a_path_leads_from_the_ancestor_to_the_model(tree: Lineage) -> None:
    steps = path(tree, "gpt2-xl", "kimi-k2")
    assert steps[0].parent.id == "gpt2-xl"
    assert steps[-1].child.id == "kimi-k2"
    assert all(a.child is b.parent for a, b in pairwise(steps))
    assert path_text(steps).count("\n\n") == len(steps)
    assert path(tree, "gpt2-xl", "gpt2-xl") == ()


def test_the_way_from_a_copy_is_that_of_its_original(tree: Lineage) -> None:
    assert path(tree, "deepseek-r1", "kimi-k2") == path(tree, "deepseek-v3", "kimi-k2")


def test_an_edge_names_the_other_bearers_of_its_parents_design(tree: Lineage) -> None:
    edges = {(e["child"], e["parent"]): e for e in to_json(tree)["edges"] if "rank" in e}
    assert edges["kimi-k2", "deepseek-v3"]["same_design"] == ["deepseek-r1"], "V3.1 came later"
    assert edges["deepseek-v3.2-exp", "deepseek-v3"]["same_design"] == [
        "deepseek-r1",
        "deepseek-v3.1",
    ]
    assert edges["deepseek-v3", "deepseek-v2"]["same_design"] == []


def test_a_path_that_does_not_exist_is_refused(tree: Lineage) -> None:
    with pytest.raises(Refusal, match="gpt2-xl doesn't follow kimi-k2 in the family tree"):
        path(tree, "kimi-k2", "gpt2-xl")
    with pytest.raises(Refusal, match='"kimi-k9" is no model of the tree'):
        descendants(tree, "kimi-k9")


def test_claims_that_measure_does_not_confirm_are_reported(members: tuple[Member, ...]) -> None:
    named = {member.id: member.repository for member in members}
    said = [
        Claim(
            child=named[child],
            parent=named[parent],
            source="https://example.org/report",
            words="It says so.",
            by="authors",
        )
        for child, parent in (("kimi-k2", "deepseek-v3"), ("gpt-oss-20b", "gpt2-xl"))
    ]
    tree = lineage(members, said)
    assert [stated.agrees for stated in tree.stated] == [True, False]
    (disagreement,) = to_json(tree)["disagreements"]
    assert (disagreement["child"], disagreement["stated"]) == ("gpt-oss-20b", "gpt2-xl")
    assert disagreement["measured_distance"] < disagreement["distance"]


def test_families_that_build_on_another_are_kin() -> None:
    assert "deepseek_v3" in inherits("kimi_k2")
    assert related("kimi_k2", "deepseek_v3")
    assert related("qwen3", "qwen3")
    assert related("deepseek_v3", "kimi_k2"), "whichever was written first"
    assert related("qwen4_exp", "qwen3_5_moe"), "a family and its _text are one"
    assert not related("qwen3", "llama"), "most families begin with Llama's parts"
    assert inherits("no_such_family") == frozenset()
    assert inherits("../cli") == frozenset()


DAYS = st.lists(st.integers(0, 400), min_size=6, max_size=6)


@cache
def six() -> tuple[Member, ...]:
    """Some of different years; described when the first test asks, since every process collects."""
    ids = ("llama-3-8b", "phi-4", "qwen3-32b", "olmo-2-7b", "deepseek-v3", "kimi-k2")
    return tuple(member for member in described_catalog.members() if member.id in ids)


@settings(max_examples=30, deadline=None)
@given(DAYS)
def test_whatever_the_dates_time_runs_one_way(days: list[int]) -> None:
    some = [
        replace(member, released=date(2024, 1, 1) + timedelta(day))
        for member, day in zip(six(), days, strict=True)
    ]
    tree = lineage(some, ())
    for member in some:
        for step in tree.measured[member.id]:
            assert step.parent.released <= member.released
        first = tree.parent(member.id)
        generation = tree.generations[member.id]
        if first is None:
            assert generation == 0
        else:
            assert generation == tree.generations[first.parent.id] + (not first.copy)
    assert set(tree.generations) == {member.id for member in some}
