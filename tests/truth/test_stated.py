"""Numbers that publishers, papers and our issues state, reached by hand beside each."""

from __future__ import annotations

from typing import Any

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.catalog.model_facts import model_facts

KIB = 1024

STATED: dict[str, dict[str, Any]] = {
    "deepseek-v3": {
        "context": 131_072,
        "context_configured": 163_840,
        "parameters.total": 671_026_419_200,
        "parameters.active": 37_552_297_472,
        "parameters.multi_token_prediction": 13_463_426_304,
        "cache.bytes_per_token": 61 * (512 + 64) * 2,  # one latent and one rotated key a layer
        "cache.bytes_per_token_long": 70_272,
        "layers.pattern": "3 dense + 58 MoE",
    },
    "qwen3-next-80b-a3b": {
        "parameters.multi_token_prediction": 1_650_471_424,
        "cache.bytes_per_token": 12 * 2 * 2 * 256 * 2,  # a quarter of 48 layers attends
        "cache.state_bytes": 36 * (32 * 128 * 128 * 4 + 8192 * 4 * 2),
    },
    "gemma-3-27b": {
        "parameters.other_modalities": 423_060_336,
        "cache.bytes_per_token": 496 * KIB,
        "cache.bytes_per_token_long": 80 * KIB,  # 10 of 62 layers see everything
    },
    "gpt-oss-20b": {
        "parameters.active": 4_187_440_704,
        "parameters.active_without_embedding": 4_187_440_704 - 201_088 * 2880,  # "3.61B"
    },
    "glm-4.5-air": {"parameters.multi_token_prediction": 3_616_573_568},
    "llama-4-maverick": {"parameters.other_modalities": 871_932_416},
    "gpt2-xl": {"parameters.total": 1_557_611_200, "layers.count": 48},
    "kimi-k3": {
        "cache.bytes_per_token": 24 * (512 + 64) * 2,  # of 93 layers 24 attend
        "cache.state_bytes": 69 * (96 * 128 * 128 * 4 + 3 * 12_288 * 4 * 2),
    },
    "deepseek-v4-flash": {
        "cache.bytes_per_token_long": (21 * (512 + 128) // 4 + 20 * 512 // 128) * 2,
    },
    "deepseek-v4-pro": {
        "cache.bytes_per_token_long": (30 * (512 + 128) // 4 + 31 * 512 // 128) * 2,
    },
    "hy4-preview-770b-a49b": {
        "cache.bytes_per_token": (78 * (512 + 64) + 21 * 128) * 2,  # 21 layers own an indexer
    },
    "inkling": {
        "cache.bytes_per_token_long": 11 * 2 * 8 * 128 * 2,
        "cache.state_bytes": (55 * (2 * 2048 + 2 * 6144) + 11 * (2 * 1024 + 2 * 6144)) * 4 * 4,
    },
    "glm-5.3-flash": {"cache.bytes_per_token": 11 * (512 + 2 * 128) * 2},
    "qwen3.8-flash-next-125b-a6b": {
        "cache.bytes_per_token": 12 * (2 * 2 * 256 + 128) * 2,
        "parameters.lookup": 320_001_536 * 160,  # rows of n-grams
        "parameters.active": 176_943_899_555
        - 48 * (512 - 10) * 3 * 2560 * 640  # experts that don't run
        - (320_001_536 - 2 * 8) * 160,  # rows that aren't read; "7.3B"
        "parameters.active_without_embedding": 6_671_297_955,  # "6.7B"
    },
    "grok-2.5-270b": {
        "parameters.active": 114_896_674_816,  # as others add up the files' headers
        "cache.bytes_per_token": 64 * 2 * 8 * 128 * 2,
    },
    "zaya1-8b": {
        "parameters.total": 17_680_978_928 // 2,  # the bytes that the checkpoint's index states
        "cache.bytes_per_token": 40 * 2 * 2 * 128 * 2,
        "cache.state_bytes": 40 * (1280 * 2 + 128) * 2,
    },
    "xlstm-7b": {
        "cache.bytes_per_token": 0,
        "cache.state_bytes": 32 * 8 * (256 * 512 + 256 + 1) * 4,
    },
    # Without a reference, so that nothing else holds their caches: by hand from the releases' own code.
    "ouro-2.6b-thinking": {
        "cache.bytes_per_token": 4 * 48 * 2 * 16 * 128 * 2
    },  # each of four passes its own
    "nanbeige-4.2-3b": {"cache.bytes_per_token": 2 * 22 * 2 * 8 * 128 * 2},  # two passes
    "mimo-v2.5": {
        "cache.bytes_per_token_long": 9 * 4 * (192 + 128) * 2,
        "cache.bytes_per_token": (9 * 4 + 39 * 8) * (192 + 128) * 2,
    },
    "mimo-v2.6-flash": {
        "cache.bytes_per_token_long": 9 * 4 * (192 + 128) * 2,
        "cache.bytes_per_token": (9 * 4 + 39 * 8) * (192 + 128) * 2,
    },
    "mimo-v2.5-pro": {
        "cache.bytes_per_token_long": 10 * 8 * (192 + 128) * 2,
        "cache.bytes_per_token": (10 + 60) * 8 * (192 + 128) * 2,
    },
    "step-3.5-flash": {
        "cache.bytes_per_token_long": 12 * 2 * 8 * 128 * 2,
        "cache.bytes_per_token": (12 + 33) * 2 * 8 * 128 * 2,
    },
    "solar-open-2-250b": {
        "cache.bytes_per_token": 12 * 2 * 8 * 128 * 2,
        "cache.state_bytes": 36 * (64 * 128 * 128 * 4 + 3 * 8192 * 4 * 2),
    },
    "gigachat-3.5-432b": {
        "cache.bytes_per_token": 10 * (512 + 64) * 2,
        "cache.state_bytes": 30 * (64 * 128 * 128 * 4 + 4 * (2 * 4096 + 8192) * 2),
        "parameters.total": 438_085_063_424 - 7_498_097_664,
        "parameters.multi_token_prediction": 7_498_097_664,
    },
    "motif-3-beta": {
        "cache.bytes_per_token_long": 14 * (512 + 64) * 2,  # layers 0, 4, ..., 52
        "cache.bytes_per_token": 53 * (512 + 64) * 2,
    },
    "longcat-2.0": {
        "cache.bytes_per_token": 38 * (2 * (512 + 64) + 128) * 2,  # one indexer for two attentions
        "context": 1_048_576,
        "context_configured": 262_144,
    },
    "longcat-flash-lite-sparse": {
        "cache.bytes_per_token": 14 * (2 * (512 + 64) + 128) * 2,
        "parameters.total": 138_288_833_280 // 2
        - 17_257_728  # numbers of four bytes: routers, their corrections, weights of indexers' heads
        - 514_458_752,  # multi-token prediction
        "context": 1_000_000,
    },
    "longcat-flash-lite-68.5b-a3b": {
        "cache.bytes_per_token": 2 * 14 * (512 + 64) * 2,
        # without the experts that don't run, and all rows of the tables but twelve
        "parameters.active": 68_562_465_024
        - 14 * (256 - 12) * 3 * 3072 * 1024
        - (122_683_536 - 12) * 256,  # "at most 4.9B"
        "parameters.active_least": 68_562_465_024
        - 14 * 256 * 3 * 3072 * 1024
        - (122_683_536 - 12) * 256,  # with the input embedding; without it the authors' "2.9B"
        "context": 256_000,
        "context_configured": 327_680,
    },
    "gemma-4-e2b": {"parameters.active": 4_628_569_379 - (262_144 - 1) * 35 * 256},  # "2.3B"
    "ling-2.6-1t": {
        "cache.bytes_per_token": 10 * (512 + 64) * 2,
        "cache.state_bytes": 70 * 64 * 128 * 128 * 4,
    },
    "deepseek-v4.1-flash": {
        "cache.bytes_per_token_long": (3 * (512 + 128) // 2 + 1 * (512 + 128))
        * 2,  # three streams a half
    },
    "baichuan2-7b": {"cache.bytes_per_token": 32 * 2 * 4096 * 2},
    "chatglm3-6b": {"cache.bytes_per_token": 28 * 2 * 2 * 128 * 2},
    "internlm2-7b": {"cache.bytes_per_token": 32 * 2 * 8 * 128 * 2},
    "mistral-large-3-675b": {"cache.bytes_per_token": 61 * (512 + 64) * 2},
    "llama-3-8b": {"parameters.total": 8_030_261_248, "cache.bytes_per_token": 128 * KIB},
}
CASES = [(model, key, value) for model, held in STATED.items() for key, value in held.items()]


@pytest.mark.parametrize(("model", "key", "value"), CASES)
def test_stated_number_comes_out(model: str, key: str, value: object) -> None:
    held: Any = model_facts(find(model))
    for part in key.split("."):
        held = held[part]
    assert held == value
