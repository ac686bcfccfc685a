"""A concept undone on real models: the numbers that follow, and nothing done to models that don't have it."""

from __future__ import annotations

import pytest

from llm_gallery.analysis.compute import flops_per_token
from llm_gallery.analysis.concepts import concepts
from llm_gallery.analysis.counterfactual import without
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Block
from llm_gallery.catalog.load import find
from tests.described import members

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
    "local-global-layers",
    "value-width",
)


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
    assert without(find("qwen3-0.6b").architecture.root, "qk-norm") is None


@pytest.mark.parametrize("concept", UNDONE)
def test_nothing_changes_where_the_concept_is_missing(concept: str) -> None:
    for member in members():
        root = member.architecture.root
        if concept not in concepts(root):
            assert without(root, concept) in (root, None), member.id
