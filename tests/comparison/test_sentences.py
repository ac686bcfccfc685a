"""Sentences as they were read by hand; and the golden sentences of every pair of a few models."""

from __future__ import annotations

from pathlib import Path

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.comparison import compare
from tests.comparison.by_hand import BY_HAND
from tests.conftest import Golden

GOLDEN = Path(__file__).parent / "golden" / "sentences.txt"

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
