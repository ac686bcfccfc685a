"""Compute of one token counted on paper: two operations a multiply-add."""

from __future__ import annotations

from llm_gallery.analysis.compute import flops_per_token
from llm_gallery.architecture.kinds import OVER_DEPTH
from llm_gallery.architecture.parts import connection, layer, linear, residual, rms_norm, stack
from llm_gallery.catalog.load import find
from llm_gallery.mechanisms import MECHANISMS
from llm_gallery.mechanisms.latent_attention import compute_words
from tests.analysis.small import DELTA, EXPERTS, LATENT, small
from tools.generated import ROOT

HEAD = 2 * 10 * 8
ATTENTION = 2 * (64 + 32 + 32 + 64)
SCORES = 4 * 2 * 4  # scores and values of two heads of 4, for each token attended to


def test_dense_model_grows_with_the_position() -> None:
    root = small("llama").root
    layer = ATTENTION + 2 * 3 * 8 * 6
    assert flops_per_token(root, 1) == HEAD + 2 * (layer + SCORES)
    assert flops_per_token(root, 10) == HEAD + 2 * (layer + 10 * SCORES)


def test_only_the_experts_that_run_count() -> None:
    root = small("qwen3_moe", **EXPERTS).root
    experts = 2 * (4 * 8 + 2 * 3 * 8 * 3)
    assert flops_per_token(root, 1) == HEAD + 2 * (ATTENTION + SCORES + experts)


def test_stacked_experts_count_alike() -> None:
    said = {"num_local_experts": 4, "num_experts_per_tok": 2, "attention_bias": False}
    root = small("gpt_oss", **said).root
    experts = 2 * (4 * 8 + 2 * 3 * 8 * 6)
    assert flops_per_token(root, 1) == HEAD + 2 * (ATTENTION + SCORES + experts)


def test_a_window_bounds_what_is_attended_to() -> None:
    root = small("mistral", sliding_window=5).root
    assert flops_per_token(root, 5) == flops_per_token(root, 500)
    assert flops_per_token(root, 4) < flops_per_token(root, 5)


def test_a_chunk_begins_anew() -> None:
    said = {"num_local_experts": 2, "attention_chunk_size": 5, "no_rope_layers": [1, 1]}
    root = small("llama4_text", **said).root
    assert flops_per_token(root, 6) == flops_per_token(root, 1)


def test_prediction_modules_and_unused_tables_cost_nothing() -> None:
    one, two = (
        small("deepseek_v3", **{**LATENT, "num_nextn_predict_layers": count}).root
        for count in (0, 2)
    )
    assert flops_per_token(one, 7) == flops_per_token(two, 7)
    bigger = small("llama", vocab_size=20).root
    assert flops_per_token(bigger, 1) - flops_per_token(small("llama").root, 1) == HEAD


def test_a_recurrent_layer_costs_the_same_everywhere() -> None:
    said = {**EXPERTS, **DELTA, "layer_types": ["linear_attention"] * 2}
    root = small("qwen3_next", **said).root
    assert flops_per_token(root, 1) == flops_per_token(root, 10**6)


def test_each_sum_that_a_branch_reads_is_scored() -> None:
    branch = residual(connection("", rms_norm("norm", 7), linear("proj", 7, 1)))
    held = stack("layers", [layer(branch, branch)] * 4, residual=OVER_DEPTH, saved_every=3)
    # Beside the growing one, which each connection counts: in layer 0 none and the first, in 1 and 2 the
    # first, in 3 the first, then both; after the last both.
    beside = (0 + 1) + (1 + 1) + (1 + 1) + (1 + 2) + 2
    assert MECHANISMS["stack"].work(held, 1) == beside * 7


def test_the_form_in_which_latent_attention_is_counted_is_said() -> None:
    """With absorbed matrices a head reads latents of 6 and a rotated key of 2 in place of keys of 5 and values of 4."""
    latent, plain = small("deepseek_v3", **LATENT).root, small("llama").root
    assert (
        "a head does 9 multiply-adds a token attended to, with absorbed matrices 14"
        in compute_words(latent)
    )
    assert compute_words(plain) == ""
    second = flops_per_token(latent, 2) - flops_per_token(latent, 1)
    heads, layers = 2, 2
    assert second == 2 * layers * heads * 9


def test_the_definition_says_it_too() -> None:
    said = (ROOT / "docs/definitions.md").read_text("utf-8")
    assert "1,088 for 320 in DeepSeek V3, 3.4 times as much" in said
    words = compute_words(find("deepseek-v3").architecture.root)
    assert "does 320 multiply-adds" in words
    assert words.endswith("absorbed matrices 1,088")
