"""The tree of a GGUF's keys and tensors beside that of the config which it was made of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from llm_gallery import describe, facts
from llm_gallery.catalog.load import find
from llm_gallery.conversion.config import config_of
from llm_gallery.conversion.registry import row_named
from llm_gallery.sources.stored import Stored, StoredTensor
from tests.conversion.test_conversions import conversion
from tests.sample import catalog, first

SAMPLE = (
    "llama-2-7b", "qwen3.5-27b", "qwen3-coder-next-80b-a3b", "nemotron-3-super-120b-a12b", "gemma-4-e4b", "glm-4.5-air",
    "lfm2-8b-a1b", "jamba2-3b", "deepseek-v3.2", "ministral-3-14b", "mimo-v2.5", "gpt2-xl",
)  # fmt: skip
OTHERWISE = {
    "mistral-7b-v0.1": "llama.cpp's key has no window for what it calls llama",
    "internlm3-8b": "llama.cpp's converter writes no extension of the context that is dynamic",
    "k-exaone-2.0-750b-a37b": "one layer's window is wider, and llama.cpp's key has one width for all",
}
BESIDE = {"vision-tower", "multi-token-prediction"}
"""Concepts of parts that a GGUF of the language model needn't hold."""
OTHER_PARTS = {"multi_token_prediction", "other_modalities"}


def stored(model: str) -> Stored:
    """The GGUF of a model, as its header would be read."""
    made = conversion(model)
    tensors = (StoredTensor(t.name, "F32", t.shape, 4 * t.elements, "") for t in made.tensors)
    return Stored(
        place=Path(f"{model}.gguf"),
        format="GGUF",
        tensors=tuple(tensors),
        files={},
        metadata=dict(made.keys),
    )


def said(model: Any) -> dict[str, Any]:
    """What a tree says of the language model."""
    sheet = facts(model)
    parameters = {k: v for k, v in sheet["parameters"].items() if k not in OTHER_PARTS}
    return {
        "parameters": parameters,
        "layers": sheet["layers"],
        "cache": sheet["cache"],
        "flops": sheet["flops_per_token_at"],
        "concepts": {*map(str, sheet["concepts"])} - BESIDE,
    }


@pytest.mark.parametrize("model", first(catalog(), SAMPLE))
def test_a_tree_is_read_back_from_a_gguf(model: str) -> None:
    held = stored(model)
    row = row_named(held.metadata["general.architecture"], str(held.place))
    if row.lost:
        pytest.skip(f"its GGUF doesn't say {row.lost}")
    if (unsaid := row.unsaid(held) if row.unsaid else "") or model in OTHERWISE:
        pytest.skip(unsaid or OTHERWISE[model])
    assert said(describe(config_of(held))) == said(find(model).architecture)
