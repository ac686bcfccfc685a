"""Concepts of stack, layer and branch are those of the models that have them, and of no near relative."""

from __future__ import annotations

import pytest

from llm_gallery.analysis.concepts import concepts
from llm_gallery.architecture.block import Block, distinct, distinct_layers
from llm_gallery.architecture.kinds import kinds
from llm_gallery.catalog.load import find
from llm_gallery.mechanisms import concepts_of
from llm_gallery.mechanisms.attended import counted
from llm_gallery.mechanisms.fact_concepts import OF_ANY, OF_ATTENTION
from llm_gallery.recognition import describe
from llm_gallery.running.miniature import miniature
from tests.described_catalog import members

SHOWN = {
    "stream-norm": {"gpt-1", "iquest-q1-320b", "minimax-m1", "minimax-text-01"},
    "moe-beside-mlp": {"diffusiongemma-26b-a4b", "gemma-4-26b-a4b", "grok-2.5-270b"},
    "normed-head": {"baichuan2-7b"},
    "negative-eigenvalues": {"olmo-hybrid-7b", "solar-open-2-250b"},
    "branch-multipliers": {
        "antares-1b", "falcon-h1-7b", "gemma-3n-e2b", "gemma-3n-e4b", "granite-3.0-3b-a800m", "granite-3.3-8b",
        "granite-4.0-h-small", "granite-4.1-30b", "granite-4.2-30b", "iquest-q1-320b", "minicpm-sala-9b", "minicpm3-4b", "minicpm4.1-8b",
        "minimax-m1", "minimax-text-01", "motif-3-beta",
    },
}  # fmt: skip
"""Models that have them, and no other does."""
HAVE = (
    ("zero-centred-norm", "gemma-3-27b"),  # of the whole model
    ("zero-centred-norm", "muse-glimmer-30b"),  # of some of its norms
    ("local-global-layers", "gpt-oss-20b"),
    ("local-global-layers", "llama-4-scout"),  # chunks
    ("dual-rotary-base", "gemma-3-27b"),
    ("dual-rotary-base", "deepseek-v4-flash"),  # where it compresses, and where it doesn't
    ("value-width", "mimo-v2-flash"),
    ("value-width", "deepseek-v3"),  # 128 beside 128 + 64
    ("value-width", "xlstm-7b"),  # wider
    ("pre-norm", "gpt-neox-20b"),  # a norm at the entrance of each parallel branch
    ("layer-norm", "gpt-neox-20b"),
)
LACK = (
    ("sandwich-norm", "gpt-neox-20b"),  # nothing is normed before it is added
    ("zero-centred-norm", "gemma-4-31b"),  # which gave it up
    ("local-global-layers", "mistral-7b-v0.1"),  # windows everywhere
    ("local-global-layers", "deepseek-v4-flash"),  # what is compressed isn't out of reach
    ("local-global-layers", "kimi-linear-48b-a3b"),  # states are no windows
    ("dual-rotary-base", "gemma-2-27b"),
    ("value-width", "glm-5"),  # 256 beside 192 + 64
    ("value-width", "qwen3-next-80b-a3b"),
    ("branch-multipliers", "command-a-111b"),  # its scores are multiplied
    ("branch-multipliers", "gemma-3-27b"),  # its embeddings are
    ("moe-beside-mlp", "deepseek-v3"),  # a shared expert stands within the mixture
    ("moe-beside-mlp", "longcat-flash-lite-68.5b-a3b"),  # on a shortcut past the MLPs
    ("negative-eigenvalues", "kimi-linear-48b-a3b"),
)


@pytest.mark.parametrize("concept", SHOWN)
def test_those_that_have_it_are_all(concept: str) -> None:
    found = {m.id for m in members() if concept in concepts(m.architecture.root)}
    assert found == SHOWN[concept]


@pytest.mark.parametrize(("concept", "model"), HAVE)
def test_it_is_shown(concept: str, model: str) -> None:
    assert concept in concepts(find(model).architecture.root)


@pytest.mark.parametrize(("concept", "model"), LACK)
def test_a_near_relative_is_none(concept: str, model: str) -> None:
    assert concept not in concepts(find(model).architecture.root)


def test_a_small_baichuan_2_still_norms_its_head() -> None:
    """The published one is known by its number of tokens, a small one by a key of its class."""
    entry = find("baichuan2-7b").entry
    assert entry is not None
    small = describe(miniature(entry.config))
    assert small.root.number("vocabulary") < 1_000
    assert "normed-head" in concepts(small.root)
    older = {key: value for key, value in miniature(entry.config).items() if key != "z_loss_weight"}
    assert "normed-head" not in concepts(describe(older).root)


def _mixers(*kinds: str) -> list[Block]:
    """A mixer of each kind that the catalog has."""
    found: dict[str, Block] = {}
    for member in members():
        for layer in distinct_layers(member.architecture.root):
            for block in distinct(layer):
                if block.kind in kinds:
                    found.setdefault(block.kind, block)
    return list(found.values())


@pytest.mark.parametrize("fact", OF_ATTENTION)
def test_a_fact_of_attention_shows_its_concept_whichever_attention_states_it(fact: str) -> None:
    mixers = _mixers(*kinds("attends"))
    assert {block.kind for block in mixers} == set(kinds("attends"))
    for block in mixers:
        assert OF_ATTENTION[fact] in concepts_of(counted(block, **{fact: True})), block.kind
        bare = block.lacking(*(f for f, c in OF_ATTENTION.items() if c == OF_ATTENTION[fact]))
        own = {"sliding-window-attention"} if block.kind == "compressed_attention" else set()
        assert OF_ATTENTION[fact] not in {*concepts_of(bare)} - own, block.kind


@pytest.mark.parametrize("fact", OF_ANY)
def test_a_fact_of_any_mixer_shows_its_concept_whichever_states_it(fact: str) -> None:
    for block in _mixers(*kinds("attends"), *kinds("recurs")):
        assert OF_ANY[fact] in concepts_of(counted(block, **{fact: True})), block.kind
        assert OF_ANY[fact] not in concepts_of(block.lacking(*OF_ANY)), block.kind


def test_positions_and_widths_are_concepts_of_any_mixer() -> None:
    for block in _mixers(*kinds("attends"), *kinds("recurs")):
        turned = counted(block, position="rope", rotated=1, head_dim=8)
        assert {"rope", "partial-rope"} <= {*concepts_of(turned)}, block.kind
        free = {*concepts_of(counted(block, position="none"))}
        assert ("nope" in free) == block.attends, block.kind
        assert "value-width" in concepts_of(counted(block, value_dim=7)), block.kind


def test_every_model_whose_attention_scales_scores_by_position_has_that_concept() -> None:
    """Whatever keeps its past: Mistral's latent attention grew with the position before Large 4 learned how."""
    for member in members():
        root = member.architecture.root
        blocks = [block for layer in distinct_layers(root) for block in distinct(layer)]
        scaled = any(
            b.value("temperature_tuning") or b.value("learned_temperature") for b in blocks
        )
        assert scaled == ("attention-temperature" in concepts(root)), member.id
    has = {m.id for m in members() if "attention-temperature" in concepts(m.architecture.root)}
    assert {"mistral-large-3-675b", "mistral-small-4-119b", "mistral-large-4"} <= has
