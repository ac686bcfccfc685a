"""Parameters counted on paper: total, active, lookup, and what stands apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from llm_gallery.analysis.compute import flops_per_token
from llm_gallery.analysis.parameters import parameters
from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Block, Tensor, walk
from llm_gallery.catalog.load import find
from llm_gallery.mechanisms.loops import reruns
from llm_gallery.recognition import describe
from tests.analysis.small import EXPERTS, LATENT, small
from tests.truth.released import CONFIGS

ATTENTION = 64 + 32 + 32 + 64  # q, k, v, o of width 8, two heads of 4, one key head
DENSE = 3 * 8 * 6


def test_dense_model() -> None:
    counted = parameters(small("llama").root)
    assert counted.total == 80 + 2 * (16 + ATTENTION + DENSE) + 8 + 80
    assert counted.active == counted.total
    assert counted.active_without_embedding == counted.total - 80
    assert (counted.embedding, counted.lookup) == (80, 0)
    assert {part.name: part.stored for part in counted.parts} == {
        "Embedding": 80,
        "Norms": 2 * 16 + 8,
        "MQA": 2 * ATTENTION,
        "Gated MLP": 2 * DENSE,
        "Output head": 80,
    }


def test_a_tied_table_is_counted_once_and_runs_as_the_head() -> None:
    counted = parameters(small("llama", tie_word_embeddings=True).root)
    assert counted.total == 80 + 2 * (16 + ATTENTION + DENSE) + 8
    assert counted.active_without_embedding == counted.active


def test_experts_that_do_not_run_are_stored_and_not_active() -> None:
    counted = parameters(small("qwen3_moe", **EXPERTS).root)
    expert, router, norms = 3 * 8 * 3, 4 * 8, 16 + 8
    assert counted.total == 168 + 2 * (norms + ATTENTION + router + 4 * expert)
    assert counted.total - counted.active == 2 * 2 * expert
    parts = {str(part.name): (part.stored, part.active) for part in counted.parts}
    assert parts["Routed experts"] == (8 * expert, 4 * expert)
    assert parts["Routers"] == (2 * router, 2 * router)


def test_a_single_expert_is_routed_all_the_same() -> None:
    alone = {**EXPERTS, "num_experts": 1, "num_experts_per_tok": 1}
    parts = {part.name for part in parameters(small("qwen3_moe", **alone).root).parts}
    assert "Routed experts" in parts
    assert "Shared experts" not in parts


def test_prediction_modules_stand_apart() -> None:
    without = parameters(small("deepseek_v3", **LATENT).root)
    beside = parameters(small("deepseek_v3", **{**LATENT, "num_nextn_predict_layers": 2}).root)
    assert beside.total == without.total
    assert without.multi_token_prediction == 0
    latent = 5 * 8 + 5 + 10 * 5 + 8 * 8 + 6 + 14 * 6 + 8 * 8
    layer = 16 + latent + (4 * 8 + 4) + 5 * 3 * 8 * 3
    assert beside.multi_token_prediction == 2 * (80 + 8 + 8 + 8 * 16 + layer + 8 + 80)


def test_of_learned_positions_a_token_reads_one_row() -> None:
    sizes = {"n_embd": 8, "n_layer": 1, "n_head": 2, "vocab_size": 10, "n_positions": 16}
    counted = parameters(describe({"model_type": "gpt2", **sizes}).root)
    assert (counted.embedding, counted.lookup) == (80, 16 * 8)
    assert counted.total - counted.active == 15 * 8
    assert {str(p.name): (p.stored, p.active) for p in counted.parts}["Position embedding"] == (
        128,
        8,
    )


def test_of_embeddings_for_each_layer_a_token_reads_one_row_of_all_layers() -> None:
    counted = parameters(find("gemma-4-e2b").architecture.root)
    vocabulary, row = 262_144, 35 * 256
    assert counted.lookup == vocabulary * row
    assert counted.total - counted.active == (vocabulary - 1) * row
    assert counted.active == 2_279_768_099
    assert counted.beside_lookup == counted.total - counted.lookup


def mobius(**keys: int) -> Block:
    """Intern-S2-Mobius with other values of some keys."""
    raw = CONFIGS["intern-s2-mobius-35b"]
    return describe({**raw, "text_config": {**raw["text_config"], **keys}}).root


@pytest.mark.parametrize(
    ("banks", "read"),
    [
        (4, 10 * 4 * 8),  # ten layers of a bank choose eight experts each, all different at most
        (1, 40 * 8),
        (20, 20 * 16),
        (40, 40 * 8),
    ],
)
def test_of_a_bank_of_experts_each_layer_may_read_others(banks: int, read: int) -> None:
    """Stored once for all layers of a bank; what is computed is that of all layers, whichever they choose."""
    root = mobius(num_blocks=banks)
    counted, expert = parameters(root), 3 * 2048 * 512
    (routed,) = (part for part in counted.parts if part.name == "Routed experts")
    assert routed.stored == banks * 2560 * expert
    assert routed.active == read * expert
    assert routed.least == banks * 8 * expert
    assert (counted.bound, counted.bound_of_compute) == ("at most " if banks < 40 else "", "")
    assert reruns(root) == 0
    assert flops_per_token(root, 99) == flops_per_token(mobius(), 99)


@pytest.mark.parametrize("few", [5, 40])
def test_no_more_of_a_bank_is_read_than_it_has(few: int) -> None:
    counted = parameters(mobius(num_experts=few, num_experts_per_tok=5))
    (routed,) = (part for part in counted.parts if part.name == "Routed experts")
    assert routed.active == 4 * min(few, 10 * 5) * 3 * 2048 * 512


@pytest.mark.parametrize(
    ("model", "stored", "read"),
    [
        # memories x lengths of n-gram x hashes of each x width of a row, as the configs state them
        ("qwen3.8-flash-next-125b-a6b", 51_200_245_760, 2 * 8 * 160),
        ("deepseek-v4.1-flash", 196_613_849_600, 2 * 3 * 8 * 256),
        ("longcat-flash-lite-68.5b-a3b", 31_406_985_216, 3 * 4 * 256),
    ],
)
def test_of_tables_of_ngrams_a_token_reads_a_row_a_hash(model: str, stored: int, read: int) -> None:
    root = find(model).architecture.root
    counted = parameters(root)
    tables = next(part for part in counted.parts if part.name == "N-gram tables")
    assert counted.lookup == stored
    blocks = [block for _, block in walk(root) if block.kind == "lookup_table"]
    hashes = sum(sum(t.elements for t in block.tensors) - block.table for block in blocks)
    assert tables.stored == stored + hashes
    assert tables.active == read + hashes


def test_a_table_from_token_to_experts_is_read_by_row() -> None:
    counted = parameters(find("deepseek-v4-flash").architecture.root)
    assert counted.lookup == 3 * 129_280 * 6  # three layers, six experts a token
    routers = next(part for part in counted.parts if part.name == "Routers")
    assert routers.stored - routers.active == 3 * 129_279 * 6


def test_choices_that_run_no_expert_leave_a_range() -> None:
    counted = parameters(find("longcat-flash-lite-68.5b-a3b").architecture.root)
    expert = 3 * 3072 * 1024
    assert counted.varies
    assert counted.active - counted.active_least == 14 * 12 * expert  # all twelve choices
    assert counted.active_words == "at most 4.92B"
    zaya = parameters(find("zaya1-8b").architecture.root)
    assert zaya.active_least < zaya.active
    dense = parameters(small("llama").root)
    assert not dense.varies
    assert dense.active_words == short(dense.total)


@pytest.mark.parametrize(("table", "beside"), [(5, None), (6, 100)])
def test_the_total_without_lookup_tables_stands_beside_it_above_a_twentieth(
    table: int, beside: int | None
) -> None:
    counted = parameters(small("llama").root)
    assert counted._replace(total=100 + table, lookup=table).beside_lookup == beside


@pytest.mark.parametrize(
    "model", ["gemma-4-e2b", "qwen3.8-flash-next-125b-a6b", "deepseek-v4.1-flash", "gpt2-xl"]
)
def test_looking_up_costs_nothing(model: str) -> None:
    root = find(model).architecture.root
    assert flops_per_token(_larger(root), 4096) == flops_per_token(root, 4096)
    assert parameters(_larger(root)).active == parameters(root).active


def _larger(block: Block) -> Block:
    """The same model with a table of as many rows again as each of its tables has."""
    inside = tuple(map(_larger, block.inside))
    if not block.table:
        return replace(block, inside=inside)
    again = Tensor("again", (block.table,))
    return replace(block, inside=inside, table=2 * block.table, tensors=(*block.tensors, again))
