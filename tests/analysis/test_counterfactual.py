"""A concept undone on real models: the numbers that follow, and nothing done to models that don't have it."""

from __future__ import annotations

import pytest

from llm_gallery.analysis.compute import flops_per_token
from llm_gallery.analysis.concepts import concepts
from llm_gallery.analysis.counterfactual import without
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Block, distinct, layers, mixers
from llm_gallery.catalog.load import find
from llm_gallery.concepts import in_place_of
from tests.described_catalog import members

UNDONE = (
    "grouped-query-attention",
    "multi-head-latent-attention",
    "sliding-window-attention",
    "shared-kv-cache",
    "compressed-attention",
    "hybrid",
    "tied-embeddings",
    "unified-kv",
    "looped-depth",
    "sparse-attention",
    "block-sparse-attention",
    "local-global-layers",
    "value-width",
)

ADDED = (
    ("gpt2-xl", "attention-bias", 48 * (3 * 1600 + 1600)),
    ("gpt2-xl", "learned-positions", 1024 * 1600),
    ("gpt2-xl", "layer-norm", (2 * 48 + 1) * 1600),
    ("gpt-oss-20b", "attention-sinks", 24 * 64),
    ("qwen3-0.6b", "qk-norm", 28 * 2 * 128),
    ("qwen3-next-80b-a3b", "gated-attention", 12 * 2048 * 16 * 256),
    ("llama-3-8b", "swiglu", 32 * 4096 * 14_336),
    ("gemma-3-27b", "geglu", 62 * 5376 * 21_504),
    ("gemma-3-27b", "sandwich-norm", 62 * 2 * 5376),
    ("deepseek-v3", "shared-expert", 58 * 3 * 7168 * 2048),
    ("deepseek-v3", "bias-balanced-routing", 58 * 256),
    ("motif-3-beta", "differential-attention", 53 * (16 * 192 * 1024 + 64 * 4096)),
    (
        "deepseek-v4-flash",
        "hyper-connections",
        43 * 2 * (24 * 16_384 + 24 + 3) + 4 * 16_384 + 4 + 1,
    ),
    ("deepseek-v3", "sigmoid-routing", 0),
    ("llama-3-8b", "rope", 0),
    ("olmo-2-7b", "post-norm", 0),
    ("gpt-1", "stream-norm", 0),
)
"""Parameters that a concept adds to a model, counted by hand."""


def undone(model: str, concept: str) -> tuple[Block, Block]:
    """A model's tree as it is, and with the concept undone."""
    root = find(model).architecture.root
    other = without(root, concept)
    assert other is not None
    return root, other


def test_every_query_head_keeps_its_own() -> None:
    root, other = undone("qwen3-0.6b", "grouped-query-attention")
    assert cache(root).bytes_per_token == 28 * 8 * 2 * 128 * 2
    assert cache(other).bytes_per_token == 28 * 16 * 2 * 128 * 2


def test_latents_become_heads() -> None:
    root, other = undone("deepseek-v3", "multi-head-latent-attention")
    assert cache(root).bytes_per_token == 61 * (512 + 64) * 2
    assert cache(other).bytes_per_token == 61 * 128 * (128 + 64 + 128) * 2


def test_windows_are_opened() -> None:
    root, other = undone("gemma-3-27b", "sliding-window-attention")
    assert cache(root).at(131_072) < cache(other).at(131_072)
    assert cache(other).at(131_072) == 131_072 * cache(root).bytes_per_token


def test_local_layers_become_global() -> None:
    """Of windows and of chunks."""
    for model in ("command-a-111b", "llama-4-scout"):
        root, other = undone(model, "local-global-layers")
        assert cache(root).at(131_072) < cache(other).at(131_072)
        assert cache(other).at(131_072) == 131_072 * cache(root).bytes_per_token


def test_values_become_as_wide_as_keys() -> None:
    root, other = undone("mimo-v2-flash", "value-width")
    heads = 9 * 4 + 39 * 8
    assert cache(root).bytes_per_token == heads * (192 + 128) * 2
    assert cache(other).bytes_per_token == heads * (192 + 192) * 2


def test_what_a_kind_has_beside_what_it_is_is_not_undone_with_it() -> None:
    """Attention takes the place of a delta rule, not of how far one may correct."""
    root = find("solar-open-2-250b").architecture.root
    assert without(root, "negative-eigenvalues") is None
    assert without(root, "kimi-delta-attention") is not None


def test_states_become_caches() -> None:
    root, other = undone("qwen3-next-80b-a3b", "hybrid")
    assert cache(other).state_bytes == 0
    assert cache(other).bytes_per_token == 4 * cache(root).bytes_per_token


def test_a_head_of_its_own() -> None:
    root, other = undone("qwen3-0.6b", "tied-embeddings")
    assert parameters(other).total - parameters(root).total == 151_936 * 1024


def test_each_pass_has_its_own_layers() -> None:
    root, other = undone("ouro-2.6b-thinking", "looped-depth")
    stack = next(block for block in other.inside[0].inside if block.kind == "stack")
    assert len(stack.inside) == 4 * 48
    assert cache(other).bytes_per_token == cache(root).bytes_per_token


def test_what_was_compressed_is_attended_to_token_by_token() -> None:
    """Two operations a multiply-add, of a score and of a value, for one token more in each of 43 layers."""
    _, other = undone("deepseek-v4-flash", "compressed-attention")
    compressing = 41  # layers; the others have a window alone
    grown = flops_per_token(other, 131_073) - flops_per_token(other, 131_072)
    assert grown == compressing * 2 * 2 * 64 * 512


@pytest.mark.whole
def test_whatever_is_undone_can_be_counted() -> None:
    for member in members():
        root = member.architecture.root
        for concept in concepts(root):
            other = without(root, concept)
            if other is not None:
                assert parameters(other).total > 0, (member.id, concept)
                assert cache(other).at(131_072) >= 0, (member.id, concept)
                assert flops_per_token(other, 131_072) > 0, (member.id, concept)


def test_a_model_without_attention_has_nothing_to_put_there() -> None:
    assert without(find("mamba-2.8b").architecture.root, "hybrid") is None


def test_what_no_tree_shows_is_not_undone() -> None:
    assert (
        without(find("qwen3-0.6b").architecture.root, "multi-token-prediction")
        == find("qwen3-0.6b").architecture.root
    )
    assert (
        without(find("eagle-7b").architecture.root, "token-shift") is None
    )  # RWKV-6 of this kind makes its shares of both tokens


@pytest.mark.parametrize(("model", "concept", "added"), ADDED)
def test_what_a_concept_adds_is_taken_out(model: str, concept: str, added: int) -> None:
    root, other = undone(model, concept)
    assert parameters(root).total - parameters(other).total == added
    assert concept not in concepts(other)


def test_what_stands_beside_the_language_model_is_taken_away() -> None:
    root, other = undone("deepseek-v3", "multi-token-prediction")
    assert parameters(root).multi_token_prediction > 0
    assert parameters(other).multi_token_prediction == 0
    root, other = undone("gemma-3-27b", "vision-tower")
    assert parameters(other).other_modalities == 0
    assert parameters(other).total == parameters(root).total


def test_a_gate_stored_with_another_matrix_is_taken_out_of_it() -> None:
    """Queries and gate in one, gate and up in one, laid either way."""
    _, other = undone("qwen3-next-80b-a3b", "gated-attention")
    query = next(b for b in distinct(other) if b.attends).part("query")
    assert query is not None
    assert query.number("outputs") == 16 * 256
    assert query.tensors[0].shape == (16 * 256, 2048)
    for model, shape in (("gpt-oss-20b", (2880, 2880)), ("zaya1-8b", (2048, 2048))):
        _, other = undone(model, "swiglu")
        experts = next(b for b in distinct(other) if b.is_mlp and b.copies > 1)
        assert experts.tensors[0].shape == shape
        assert not experts.value("gated")


def test_fewer_heads_score_where_none_is_subtracted() -> None:
    root, other = undone("motif-3-beta", "differential-attention")
    assert {b.value("heads") for layer in layers(other) for b in mixers(layer)} == {80 - 16}
    assert flops_per_token(other, 131_072) < flops_per_token(root, 131_072)


def test_what_is_left_in_some_part_is_not_undone() -> None:
    """Branches of Gemma 3n add several parts that are normed each: more than a norm at the end."""
    assert without(find("gemma-3-27b").architecture.root, "sandwich-norm") is not None
    assert without(find("gemma-3n-e4b").architecture.root, "sandwich-norm") is None


@pytest.mark.parametrize("concept", UNDONE)
def test_nothing_changes_where_the_concept_is_missing(concept: str) -> None:
    for member in members():
        root = member.architecture.root
        if concept not in concepts(root):
            assert without(root, concept) in (root, None), member.id


@pytest.mark.parametrize(
    ("model", "concept", "layers_of_it", "keys", "values"),
    [
        ("rwkv-4-7b", "rwkv", 32, 4096, 4096),
        ("eagle-7b", "matrix-rwkv", 32, 4096, 4096),
        ("rwkv-7-2.9b", "rwkv-7", 32, 2560, 2560),
        ("xlstm-7b", "mlstm", 32, 2048, 4096),
    ],
)
def test_attention_of_the_same_heads_stands_where_a_model_has_none(
    model: str, concept: str, layers_of_it: int, keys: int, values: int
) -> None:
    """Sixteen bits for each number of keys and values, and four matrices in the place of its own."""
    root, other = undone(model, concept)
    found = [b for layer in layers(other) for b in mixers(layer)]
    assert len(found) == layers_of_it
    assert all(block.attends for block in found)
    assert cache(other).bytes_per_token == 2 * (keys + values) * layers_of_it
    width = root.number("width")
    assert parameters(Block("group", inside=(found[0],))).total == 2 * width * (keys + values)


def test_a_layer_that_is_mixer_and_mlp_at_once_isnt_undone() -> None:
    root = find("mamba-2.8b").architecture.root
    assert without(root, "mamba") is None
    assert in_place_of(root, "mamba") is None


def test_attention_alone_is_left_of_mixers_side_by_side() -> None:
    root, other = undone("falcon-h1-7b", "parallel-mixers")
    assert {b.kind for layer in layers(other) for b in mixers(layer)} == {"attention"}
    assert cache(other).bytes_per_token == cache(root).bytes_per_token > 0
    assert cache(other).state_bytes == 0 < cache(root).state_bytes


def test_without_shares_of_the_token_before_it_isnt_kept() -> None:
    """Three shares in front of the mixer, two in front of the MLP, and one input kept for each."""
    root, other = undone("rwkv-4-7b", "token-shift")
    assert parameters(root).total - parameters(other).total == (3 + 2) * 4096 * 32
    assert cache(root).state_bytes - cache(other).state_bytes == 2 * 2 * 4096 * 32
