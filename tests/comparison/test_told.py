"""What is said of any two models: sizes always, "instead of" only of what is gone, and a kinship that is one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import layers, mixing
from llm_gallery.catalog.load import find
from llm_gallery.comparison import Difference, Profile, profile
from llm_gallery.comparison.block_facts import Value, facts, several
from llm_gallery.comparison.change import Change
from tests.sample import Pairs, pairs

_PROFILES: dict[str, Profile] = {}
SIDES = {"pre": {"before"}, "post": {"after"}, "sandwich": {"before", "after"}}
"""Where the norms of a placement stand; one that is mixed has both."""


def held(model: str) -> Profile:
    if model not in _PROFILES:
        _PROFILES[model] = profile(find(model))
    return _PROFILES[model]


def differences(compared: Pairs) -> Iterator[Difference]:
    for pair in compared:
        for first, last in (pair, pair[::-1]):
            yield Difference(held(first), held(last))


def stays(change: Change, one: Difference) -> bool:
    """Whether something that a change says was replaced stands in some layer of the newer model."""
    kind, _, name = change.key.rpartition(".")
    if kind == "" and name == "norm_placement":
        sides = [SIDES.get(str(value), {"stream"}) for value in (change.old, change.new)]
        return bool(sides[0] & sides[1]) or "mixed" in (change.old, change.new)
    if kind == "":
        return not {*several(change.old)}.isdisjoint(several(change.new))
    if kind in ("token_mixer", "channel_mixer") and name != "position":
        if change.old is None or name == "layout":
            return True
        named = str(change.old).split(" and ")
        gone = {part.kind for part in one.old.of_role(change.role) if part.label in named}
        return bool(gone & one.new.kinds.get(change.role, frozenset()))
    return not {*several(change.old)}.isdisjoint(values(one.new, change, name))


def values(model: Profile, change: Change, name: str) -> set[Value]:
    """What the layers have of a fact, each asked by itself: of its kind, or of all mixers of the role."""
    kind = change.key.rpartition(".")[0]
    distinct = {id(layer): layer for layer in layers(model.architecture.root)}.values()
    blocks = [block for layer in distinct for block in mixing(layer)]
    return {
        value
        for block in blocks
        if kind == block.kind or kind == ("token_mixer" if block.mixes_tokens else "channel_mixer")
        for value in several(facts(block).get(name))
    }


@pytest.mark.parametrize("compared", pairs())
def test_nothing_is_said_to_be_replaced_that_stays_in_a_layer(compared: Pairs) -> None:
    found = [
        (one.old.id, one.new.id, change.words)
        for one in differences(compared)
        for change in one.changes
        if " instead of " in change.words and stays(change, one)
    ]
    assert found == []


def unsaid(one: Difference) -> Iterator[str]:
    """The sizes that differ by so much and that the sentences don't give on both sides."""
    text = " ".join(one.sentences)
    old, new = one.old.consequences, one.new.consequences
    sparse = one.old.sparse or one.new.sparse
    for name in ("total", "active") if sparse else ("total",):
        before, after = old[name], new[name]
        if max(before, after) >= 1.5 * min(before, after):
            bounds = [
                model.counts.bound if name == "active" else "" for model in (one.old, one.new)
            ]
            if f"{bounds[0]}{short(before)} → {bounds[1]}{short(after)}" not in text:
                yield name
    compared = {change.key for change in one.changes}
    for name, ratio in (("vocabulary", 1.5), ("context", 2.0)):
        sizes = one.old.traits.get(name), one.new.traits.get(name)
        if name in compared and all(isinstance(size, int) for size in sizes):
            before, after = (int(str(size)) for size in sizes)
            far = max(before, after) >= ratio * min(before, after)
            if far and f"{before:,} → {after:,}" not in text:
                yield name


@pytest.mark.parametrize("compared", pairs())
def test_sizes_that_differ_by_much_are_always_said(compared: Pairs) -> None:
    found = [
        (one.old.id, one.new.id, size) for one in differences(compared) for size in unsaid(one)
    ]
    assert found == []


@pytest.mark.parametrize("compared", pairs())
def test_another_size_and_another_design_are_said_of_nothing_else(compared: Pairs) -> None:
    for one in differences(compared):
        first = next(iter(one.sentences), "")
        if " at another size" in first:
            assert {change.level for change in one.changes} == {"scale"}, first
        if " is a different design from " in first:
            assert one.old.kinds != one.new.kinds, first
            rates = one.old.recurrent_rate, one.new.recurrent_rate
            assert rates[0] != rates[1] or not rates[0], first


def test_two_hybrids_of_one_rate_are_one_design_and_say_their_rate() -> None:
    said = Difference(held("qwen3-next-80b-a3b"), held("kimi-linear-48b-a3b")).sentences[0]
    assert " is Qwen3-Next 80B-A3B (" in said
    assert said.endswith(", three to one as before.")


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        ("falcon-h1-7b", "gpt-neox-20b", "attention and MLP in a parallel block"),
        ("falcon-mamba-7b", "pythia-12b", "attention and MLP in a parallel block"),
        ("gpt-neox-20b", "falcon-h1-7b", "no parallel block"),
        ("gpt-neox-20b", "llama-2-7b", "sequential sublayers instead of a parallel block"),
        ("mistral-large-4", "xglm-7.5b", "sinusoidal instead of rotary positions"),
    ],
)
def test_what_no_mixer_implies_is_said_of_other_mixers_too(old: str, new: str, lost: str) -> None:
    assert lost in " ".join(Difference(held(old), held(new)).sentences)
