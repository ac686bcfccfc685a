"""Cache and state counted on paper, for every mixer kind and dtype."""

from __future__ import annotations

import pytest

from llm_gallery.analysis.memory import cache
from llm_gallery.architecture.refusal import Refusal
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
    assert [(row.kind, row.window, row.layers) for row in held.rows] == [
        ("sliding-window MQA", 5, 1),
        ("MQA", None, 1),
    ]


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
