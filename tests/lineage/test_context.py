"""The context of a model is one value wherever it is stated: the published one, else the config's."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import permutations

import pytest

from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.catalog.load import described, entries, find
from llm_gallery.catalog.model_facts import model_facts
from llm_gallery.comparison import Subject, compare, profile
from llm_gallery.comparison.changes import traits
from llm_gallery.figure.kit.shapes import Text
from llm_gallery.figure.page.footer import footer
from llm_gallery.figure.page.headline import numbers
from llm_gallery.lineage import Lineage, Member
from llm_gallery.lineage.sizes import sizes
from tests.described_catalog import members

ENTRIES = {entry.id: entry for entry in entries()}


@lru_cache(None)
def by_id() -> dict[str, Member]:
    return {member.id: member for member in members()}


@lru_cache(None)
def context(model: str) -> object:
    """The value, from the entry itself: as published, else as configured."""
    entry = ENTRIES[model]
    if entry.context is not None:
        return entry.context.tokens
    return described(entry.config, model).root.value("context")


def one_published_of_equal_configs(*models: str) -> bool:
    """Whether their configs state one context, and the authors of one of them another."""
    published = [ENTRIES[model].context is not None for model in models]
    configured = [described(ENTRIES[model].config, model).root.value("context") for model in models]
    return not all(published) and configured[0] == configured[1]


@pytest.mark.whole
def test_between_parent_and_child_both_are_stated_as_the_catalog_has_them(tree: Lineage) -> None:
    said = 0
    for model in tree.members:
        step = tree.parent(model)
        if step is None:
            continue
        ends = context(step.parent.id), context(model)
        found = [change for change in step.difference.changes if change.key == "context"]
        read = any(
            part.block.attends
            for one in (step.parent.id, model)
            for part in by_id()[one].profile.parts
        )  # states alone read on for ever, whatever length they were trained at
        assumed = any(by_id()[one].profile.assumes_context for one in (step.parent.id, model))
        said_of = ends[0] != ends[1] and (read or None not in ends) and not assumed
        said_of = said_of and not one_published_of_equal_configs(step.parent.id, model)
        assert [(change.old, change.new) for change in found] == [ends] * said_of
        words = re.findall(r"[Cc]ontext ([\d,]+) → ([\d,]+)", " ".join(step.difference.sentences))
        told = [tuple(int(number.replace(",", "")) for number in pair) for pair in words]
        assert told in ([], [ends])
        said += len(told)
    assert said > 30


@pytest.mark.whole
def test_between_any_two_models_the_same() -> None:
    profiles = [member.profile for member in members()]
    for old, new in permutations(profiles, 2):
        row = next((row for row in traits(old, new) if row.name == "context"), None)
        held = (None, None) if row is None else (row.old, row.new)
        assert held == (context(old.id), context(new.id))


@pytest.mark.parametrize("model", ENTRIES)
def test_facts_sizes_and_figure_state_it(model: str) -> None:
    found = find(model)
    root, stated = found.architecture.root, context(model)
    assert model_facts(found)["context"] == stated
    assert sizes(by_id()[model]).context == stated
    counts, kept = parameters(root), cache(root)
    shown = [one.shown for one in numbers(root) if "context" in one.caption]
    assert shown == ([] if stated is None else [f"{stated:,}"])
    below = footer(found.architecture, counts, kept, [], 1100).shapes
    lines = ["".join(span.text for span in s.spans) for s in below if isinstance(s, Text)]
    lengths = [number for line in lines for number in re.findall(r" at ([\d,]+) tokens", line)]
    grows = stated is not None and kept.bytes_per_token
    assert lengths == ([f"{stated:,}"] if grows else [])


def test_a_strangers_config_has_the_configs() -> None:
    config = ENTRIES["deepseek-v3"].config
    stranger = Subject(id="mine", name="Mine", architecture=described(config, "mine"))
    assert profile(stranger).traits["context"] == 163_840


def test_published_is_not_held_against_a_strangers_config_that_says_the_same() -> None:
    config = ENTRIES["deepseek-v3"].config
    for changed, keys in (({}, []), ({"max_position_embeddings": 65_536}, ["context"])):
        made = described({**config, **changed}, "mine")
        stranger = Subject(id="mine", name="Mine", architecture=made)
        (difference,) = compare([find("deepseek-v3"), stranger]).differences
        assert [change.key for change in difference.changes] == keys
    assert (difference.changes[0].old, difference.changes[0].new) == (131_072, 65_536)
