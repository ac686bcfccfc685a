"""Cache and state counted on paper, for every mixer kind and dtype."""

from __future__ import annotations

import pytest

from llm_gallery.analysis.memory import cache, growing_layers
from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import added, facts, group, layer, residual, stack
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import find
from tests.analysis.small import DELTA, EXPERTS, LATENT, small

PER_TOKEN = 2 * 1 * 4  # keys and values of one head of 4, in one layer


@pytest.mark.parametrize(("dtype", "bits"), [("fp32", 32), ("bf16", 16), ("fp8", 8), ("int4", 4)])
def test_attention_in_each_dtype(dtype: str, bits: int) -> None:
    held = cache(small("llama").root, dtype)
    assert held.bytes_per_token == held.bytes_per_token_long == 2 * PER_TOKEN * bits // 8
    assert held.at(100) == 100 * held.bytes_per_token
    assert held.state_bytes == 0


def test_windows_fill_and_then_stop() -> None:
    held = cache(small("gemma3_text", layer_types=WINDOWED, sliding_window=5).root)
    assert held.bytes_per_token == 2 * PER_TOKEN * 2
    assert held.bytes_per_token_long == PER_TOKEN * 2
    assert held.at(5) == 5 * 2 * PER_TOKEN * 2
    assert held.at(7) == (5 + 7) * PER_TOKEN * 2
    assert [(row.label, row.window, row.layers) for row in held.rows] == [
        ("sliding-window MQA", 5, 1),
        ("MQA", None, 1),
    ]


@pytest.mark.parametrize(
    ("model", "first", "later"),
    [
        ("gemma-3-27b", 62, 10),
        ("deepseek-v4-flash", 43, 41),  # a compressed stream beside the window, but for two layers
        ("deepseek-v3.2", 61, 61),  # the indexer's keys stand in the same layers
        ("longcat-flash-lite-68.5b-a3b", 14, 14),  # two attentions each
        ("ouro-2.6b-thinking", 4 * 48, 4 * 48),
        ("mamba-2.8b", 0, 0),
    ],
)
def test_layers_whose_cache_grows_are_counted_once_a_pass(
    model: str, first: int, later: int
) -> None:
    root = find(model).architecture.root
    assert growing_layers(root) == first
    assert growing_layers(root, windows_full=True) == later


WINDOWED = ["sliding_attention", "full_attention"]


def test_a_chunk_is_a_window_for_what_is_kept() -> None:
    said = {"num_local_experts": 2, "attention_chunk_size": 5, "no_rope_layers": [1, 0]}
    held = cache(small("llama4_text", **said).root)
    assert held.at(20) == (5 + 20) * PER_TOKEN * 2


def test_latent_attention_keeps_one_latent_and_one_rotated_key() -> None:
    assert cache(small("deepseek_v3", **LATENT).root).bytes_per_token == 2 * (6 + 2) * 2


def test_deltanet_keeps_a_state_in_float32_and_its_taps() -> None:
    held = cache(small("qwen3_next", **EXPERTS, **DELTA).root)
    assert held.state_bytes == 2 * 3 * 5 * 4 + (2 * 3 + 2 * 5) * 4 * 2
    assert held.bytes_per_token == PER_TOKEN * 2
    assert (
        cache(small("qwen3_next", **EXPERTS, **DELTA).root, "int4").state_bytes == held.state_bytes
    )


@pytest.mark.parametrize(("dtype", "size"), [("float32", 4), ("bfloat16", 2)])
def test_mamba_keeps_a_state_in_the_dtype_that_the_config_says(dtype: str, size: int) -> None:
    said = {
        "hybrid_override_pattern": "M-",
        "mamba_num_heads": 4,
        "mamba_head_dim": 3,
        "ssm_state_size": 5,
        "n_groups": 2,
        "conv_kernel": 4,
        "mamba_ssm_cache_dtype": dtype,
    }
    held = cache(small("nemotron_h", **said).root)
    assert held.state_bytes == 4 * 3 * 5 * size + (12 + 2 * 2 * 5) * 4 * 2
    assert held.bytes_per_token == 0


def test_an_unknown_dtype_is_refused() -> None:
    with pytest.raises(Refusal, match="fp64"):
        cache(small("llama").root, "fp64")


def test_what_stands_beside_the_mixers_is_kept_once() -> None:
    attention = Block("attention", "", facts(heads=2, kv_heads=2, head_dim=4, position="none"))
    latent = Block("latent_attention", "", facts(kv_rank=8, rope_dim=0, position="none"))
    taps = Block("convolution", "", facts(channels=16, taps=3))
    one = layer(residual(added(attention, latent), taps))
    assert cache(group("model", stack("layers", [one]))).state_bytes == 2 * 16 * 3


def test_what_an_indexer_keeps_is_all_that_is_inside_it() -> None:
    compressor = Block("compressor", "", facts(head_dim=64, ratio=4))
    indexer = Block("indexer", "", facts(head_dim=64, kept=16), inside=(compressor,))
    attention = Block(
        "compressed_attention", "", facts(head_dim=32, window=8, ratio=4), inside=(indexer,)
    )
    kept = cache(group("model", stack("layers", [layer(residual(attention))])))
    assert [(row.elements_per_token, row.window) for row in kept.rows] == [(32, 8), (16, None)]
