"""120 differences, of kin and of strangers, that were read by hand against both configs; and the reader itself."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.comparison import Difference, Profile, profile
from llm_gallery.comparison.grammar import phrased
from llm_gallery.mechanisms import MIXING
from tests.comparison.sentence_faults import FAR, FAULTS
from tests.conftest import Golden

GOLDEN = Path(__file__).parent / "golden" / "pairs.txt"


@cache
def pairs() -> tuple[tuple[str, str], ...]:
    """The pairs that the file names, a line each over their sentences."""
    heads = (line.split(" → ") for line in GOLDEN.read_text("utf-8").splitlines())
    return tuple((head[0], head[1]) for head in heads if len(head) == 2 and " " not in head[0])


@cache
def held(model: str) -> Profile:
    return profile(find(model))


def test_every_pair_reads_as_it_was_read(golden: Golden) -> None:
    told = [
        f"{old} → {new}\n{' '.join(Difference(held(old), held(new)).sentences)}\n"
        for old, new in pairs()
    ]
    assert len(set(told)) == 120
    golden(GOLDEN, "\n".join(told))


def test_the_pairs_hold_every_mechanism_and_both_sorts() -> None:
    kinds = {part.kind for pair in pairs() for model in pair for part in held(model).parts}
    later = {
        "cross_attention",
        "deltanet",
        "gated_linear_attention",
        "gated_memory",
        "gated_slot_attention",
        "hgrn",
        "hgrn2",
        "lightnet",
        "patch_attention",
        "retention",
        "rg_lru",
        "rwkv6",
        "rwkv7",
    }
    assert kinds == set(MIXING) - later, "the pairs were chosen before a model had these"
    far = [
        sum(change.weight for change in Difference(held(old), held(new)).causes) >= FAR
        for old, new in pairs()
    ]
    assert 40 <= sum(far) <= 80


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("itself", "B is A with one part a layer instead of one part a layer."),
        ("without, or", "B is A with attention without positions or biases."),
        ("nothing in numbers", "State none → 24 B."),
        ("a dash beside a value", "B is A with – and yes."),
        ("a name of a tensor", "B is A with post_attention_layernorm.0 as a shortcut."),
        ("a word twice", "B is A with with windows."),
        ("two places", "B is A with windows in one layer of two in every layer."),
        ("but, but", "It has windows, but no biases, but no gate."),
        ("a side of nothing", "B is A with norms before some sublayers and after others it."),
        ("no list", "It also has two more changes."),
        ("a slip", "B is A with None heads."),
    ],
)
def test_each_fault_is_found(name: str, text: str) -> None:
    assert FAULTS[name].search(text)


@pytest.mark.parametrize(
    ("phrases", "text"),
    [
        (("experts after the first layer", "a gate"), "experts after the first layer, and a gate"),
        (("windows in 3 of 8 layers", "a gate"), "windows in 3 of 8 layers, and a gate"),
        (("Mamba-2 in every layer", "no MLP"), "Mamba-2 in every layer, but no MLP"),
        (("norms before each sublayer", "a gate"), "norms before each sublayer and a gate"),
    ],
)
def test_what_follows_a_place_does_not_stand_there(phrases: tuple[str, ...], text: str) -> None:
    assert phrased(phrases) == text


@pytest.mark.parametrize(
    ("old", "new", "lead"),
    [
        (
            "deepseek-v3",
            "kimi-k2",
            "Kimi K2 is DeepSeek V3 (671.03B → 1.03T parameters, 37.55B → 32.86B active) with half the heads (128 → 64) and half again as many routed experts (256 → 384).",
        ),
        (
            "qwen3-235b-a22b",
            "qwen3-next-80b-a3b",
            "Qwen3-Next 80B-A3B is Qwen3 235B-A22B (235.09B → 79.67B parameters, 22.19B → 3.87B active) with Gated DeltaNet in three layers of four, leaving attention in one.",
        ),
        (
            "llama-3-8b",
            "falcon-h1-7b",
            "Falcon-H1 7B is Llama 3 8B with Mamba-2 beside attention in every layer.",
        ),
    ],
)
def test_the_first_sentence_says_the_one_thing(old: str, new: str, lead: str) -> None:
    assert Difference(held(old), held(new)).sentences[0] == lead


@pytest.mark.parametrize(
    ("old", "new", "follows"),
    [
        ("deepseek-v3", "deepseek-v3.2", "Compute per token 237 → 118 GFLOP at 32K; cache"),
        ("glm-5", "glm-5.2", "compute per token 177 → 114 GFLOP at 128K; cache"),
        ("olmo-2-7b", "olmo-3-7b", "cache per token once windows are full 512 → 128 KiB."),
        ("deepseek-v3", "glm-4.5", "cache per token 68.6 → 368 KiB."),
        ("gemma-3-27b", "gemma-4-31b", "parameters 27.01B → 30.70B"),
    ],
)
def test_what_follows_is_what_the_change_is_for(old: str, new: str, follows: str) -> None:
    assert follows in Difference(held(old), held(new)).sentences[-1]
