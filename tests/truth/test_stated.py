"""Numbers that publishers, papers and our issues state, reached by hand beside each."""

from __future__ import annotations

from typing import Any

import pytest

from llm_gallery.catalog.facts import model_facts
from llm_gallery.catalog.load import find

KIB = 1024

STATED: dict[str, dict[str, Any]] = {
    "deepseek-v3": {
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
    "llama-3-8b": {"parameters.total": 8_030_261_248, "cache.bytes_per_token": 128 * KIB},
}
CASES = [(model, key, value) for model, held in STATED.items() for key, value in held.items()]


@pytest.mark.parametrize(("model", "key", "value"), CASES)
def test_stated_number_comes_out(model: str, key: str, value: object) -> None:
    held: Any = model_facts(find(model))
    for part in key.split("."):
        held = held[part]
    assert held == value
