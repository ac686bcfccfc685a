"""Sentences read by hand against both configs, once; and the golden sentences of every pair of a few models."""

from __future__ import annotations

from pathlib import Path

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.comparison import compare
from tests.conftest import Golden

GOLDEN = Path(__file__).parent / "golden" / "sentences.txt"

BY_HAND = {
    ("deepseek-v3", "kimi-k2"): (
        "Kimi K2 is DeepSeek V3 with half the heads (128 → 64), half again as many routed experts "
        "(256 → 384) and one dense layer instead of three, but no multi-token prediction or expert "
        "groups; vocabulary 129,280 → 163,840, context 163,840 → 131,072.",
        "Parameters 671.03B → 1.03T; active per token 37.55B → 32.86B; the same cache per token "
        "(68.6 KiB).",
    ),
    ("olmo-2-7b", "olmo-3-7b"): (
        "OLMo 3 7B is OLMo 2 7B with windows of 4,096 tokens in three layers of four; vocabulary "
        "100,352 → 100,278, context 4,096 → 65,536.",
        "Parameters 7,298,617,344 → 7,298,011,136; the same cache per token (512 KiB).",
    ),
    ("qwen3-235b-a22b", "qwen3-next-80b-a3b"): (
        "Qwen3-Next 80B-A3B is Qwen3 235B-A22B with Gated DeltaNet in three layers of four, a "
        "sigmoid gate on the attention's output, one shared expert, only a quarter of each head "
        "rotated, a gate on the shared expert and multi-token prediction; layers 94 → 48, width "
        "4,096 → 2,048, heads 64 → 16, key-value heads 4 → 2, head size 128 → 256, routed experts "
        "128 → 512, experts per token 8 → 10, expert width 1,536 → 512, context 40,960 → 262,144.",
        "Parameters 235.09B → 79.67B; active per token 22.19B → 3.87B; cache per token 188 KiB → "
        "24 KiB; state none → 74.2 MiB.",
    ),
}
"""What an engineer who has both configs open would say."""

MODELS = (
    "gpt2-xl", "llama-3-8b", "gemma-3-27b", "deepseek-v3", "gpt-oss-20b", "qwen3-next-80b-a3b",
    "nemotron-3-nano-30b-a3b", "llama-4-maverick", "smollm3-3b",
)  # fmt: skip


@pytest.mark.parametrize("pair", BY_HAND, ids="->".join)
def test_a_pair_reads_as_a_person_would_say_it(pair: tuple[str, str]) -> None:
    (difference,) = compare([find(model) for model in pair]).differences
    assert difference.sentences == BY_HAND[pair]


def test_every_pair_of_nine_different_models_reads_as_it_did(golden: Golden) -> None:
    models = [find(model) for model in MODELS]
    lines = [
        " ".join(compare([old, new]).differences[0].sentences)
        for i, old in enumerate(models)
        for new in models[i + 1 :]
    ]
    golden(GOLDEN, "\n\n".join(lines) + "\n")
