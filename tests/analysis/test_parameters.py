"""Parameters counted on paper: total, active, lookup, and what stands apart."""

from __future__ import annotations

from llm_gallery.analysis.parameters import parameters
from llm_gallery.families import describe
from tests.analysis.small import EXPERTS, LATENT, small

ATTENTION = 64 + 32 + 32 + 64  # q, k, v, o of width 8, two heads of 4, one key head
DENSE = 3 * 8 * 6


def test_dense_model() -> None:
    counted = parameters(small("llama").root)
    assert counted.total == 80 + 2 * (16 + ATTENTION + DENSE) + 8 + 80
    assert counted.active == counted.total
    assert counted.active_without_embedding == counted.total - 80
    assert (counted.embedding, counted.lookup) == (80, 80)
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
    parts = {part.name: (part.stored, part.active) for part in counted.parts}
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


def test_learned_positions_are_looked_up() -> None:
    sizes = {"n_embd": 8, "n_layer": 1, "n_head": 2, "vocab_size": 10, "n_positions": 16}
    counted = parameters(describe({"model_type": "gpt2", **sizes}).root)
    assert (counted.embedding, counted.lookup) == (80, 80 + 16 * 8)
