"""What a mechanism that came or went takes with it stands below it, weighs nothing, and is so of its own layers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from llm_gallery.architecture.block import layers, mixing
from llm_gallery.catalog.load import find
from llm_gallery.comparison import Difference, Profile, compare, profile, themed, to_json
from llm_gallery.comparison.block_facts import facts, several
from llm_gallery.comparison.change import Change
from tests.comparison.shares import is_of, stated_shares
from tests.sample import Pairs, pairs

_PROFILES: dict[str, Profile] = {}


def held(model: str) -> Profile:
    if model not in _PROFILES:
        _PROFILES[model] = profile(find(model))
    return _PROFILES[model]


def values(model: Profile, kind: str, name: str) -> set[object]:
    """What the mixers of a kind state of a fact, asked one by one."""
    distinct = {id(layer): layer for layer in layers(model.architecture.root)}.values()
    blocks = [block for layer in distinct for block in mixing(layer) if block.kind == kind]
    return {facts(block)[name] for block in blocks if name in facts(block)}


def untrue(change: Change, old: Profile, new: Profile) -> Iterator[str]:
    kind, _, name = change.key.partition(".")
    if kind in ("token_mixer", "channel_mixer"):
        return  # what two mechanisms have alike, and otherwise
    owner = new if change.kind == "added" else old
    stated = several(change.new if change.kind == "added" else change.old)
    if not set(stated) <= values(owner, kind, name):
        yield f"{change.words}: not in {owner.id}"
    other = old if owner is new else new
    if any(part.kind == kind for part in other.parts):
        yield f"{change.words}: {kind} is in both"
    if change.part and not all(is_of(share, new) for share in stated_shares(change.part)):
        yield f"{change.words}: not in {change.part}"


@pytest.mark.parametrize("compared", pairs())
def test_what_is_brought_is_so_and_weighs_nothing(compared: Pairs) -> None:
    found = []
    for pair in compared:
        for first, last in (pair, pair[::-1]):
            old, new = held(first), held(last)
            inside = [c for c in Difference(old, new).changes if c.brought and c.key != "wiring"]
            found += [fault for change in inside for fault in untrue(change, old, new)]
            assert all(change.weight == 0 for change in inside)
    assert found == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("qwen3-8b", "mistral-large-4", "borrowed keys and values in 9 of 72 layers"),
        ("qwen3-8b", "mistral-large-4", "queries that heads learn to scale by position"),
        ("motif-3-beta", "qwen3-8b", "no differential attention"),
        ("mamba-2.8b", "gemma-4-e2b", "borrowed keys and values after the first 15 layers"),
        ("rwkv-4-7b", "rwkv-7-2.9b", "a value residual after the first layer"),
        ("rwkv-4-7b", "rwkv-7-2.9b", "no receptance that gates channel mixing"),
        ("rwkv-7-2.9b", "rwkv-4-7b", "a receptance that gates channel mixing"),
        ("llama-3-8b", "deepseek-v3", "sigmoid router scores"),
        ("llama-3-8b", "deepseek-v3", "experts in 8 groups"),
        ("glm-4.5", "glm-5.2", "no QK norm"),
        ("qwen3-8b", "qwen3-next-80b-a3b", "a gate on the shared expert"),
    ],
)
def test_a_part_brings_its_facts_in_every_format(old: str, new: str, said: str) -> None:
    compared = compare([find(old), find(new)])
    (difference,) = compared.differences
    assert any(said in words for words in themed(difference.changes).values())
    assert said in [one["words"] for one in to_json(compared)["differences"][0]["causes"]]


@pytest.mark.parametrize(
    ("old", "new", "unsaid"),
    [
        ("llama-3-8b", "llama-4-scout", "no QK norm"),  # came with nothing
        ("deepseek-v3", "llama-3-8b", "no balancing bias in the router"),  # without experts
        ("deepseek-v4.1-flash", "deepseek-v3.1", "no shared index"),  # without an indexer
        ("deepseek-v4.1-flash", "deepseek-v3.1", "a compressed stream of its own for each layer"),
        ("qwen1.5-moe-a2.7b", "qwen3-30b-a3b", "no gate on the shared expert"),  # nor a shared one
        ("minimax-text-01", "ling-2.6-1t", "rotary positions"),  # its attention had them
        ("ling-2.6-1t", "minimax-text-01", "no positions"),  # one layer of eight has them
    ],
)
def test_what_only_follows_is_not_said(old: str, new: str, unsaid: str) -> None:
    (difference,) = compare([find(old), find(new)]).differences
    assert unsaid not in [change.words for change in difference.changes]
    assert unsaid not in difference.design.rstrip(".").split(", ")


def test_a_shared_expert_with_a_gate_is_one_change() -> None:
    (difference,) = compare([find("qwen3-235b-a22b"), find("qwen3-next-80b-a3b")]).differences
    (shared,) = [one for one in difference.changes if one.key.startswith("moe.shared")]
    assert (shared.words, shared.weight) == ("one gated shared expert", 1.5)
