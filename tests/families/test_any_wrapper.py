"""A multimodal config that no family describes is its language model, and every name and number says so."""

from __future__ import annotations

from typing import Any

import pytest

from llm_gallery.analysis.parameters import parameters
from llm_gallery.catalog.load import model
from llm_gallery.families import describe, kept

QWEN2: dict[str, Any] = {
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_attention_heads": 4,
    "num_hidden_layers": 2,
    "num_key_value_heads": 2,
    "vocab_size": 100,
}
FUYU = {key: size for key, size in QWEN2.items() if key != "num_key_value_heads"}
PHI = {key: size for key, size in QWEN2.items() if key != "vocab_size"}
TOWER = {"model_type": "intern_vit_6b", "hidden_size": 32}


@pytest.mark.parametrize(
    "raw",
    [
        {"model_type": "internvl_chat", "llm_config": {"model_type": "qwen2", **QWEN2}},
        {"model_type": "qwen2_5_vl", **QWEN2},
        {"model_type": "internvl", "tie_word_embeddings": False, "text_config": QWEN2},
    ],
)
def test_language_model_is_exact_and_alone(raw: dict[str, Any]) -> None:
    whole = {**raw, "vision_config": TOWER}
    found = describe(whole)
    alone = describe({"model_type": "qwen2", **QWEN2})
    assert parameters(found.root).total == parameters(alone.root).total
    assert found.uncounted == ("vision_config (intern_vit_6b)",)
    assert "not counted: vision_config (intern_vit_6b)" in found.warnings[0]
    assert model(whole).name.endswith(" (language model only)")
    assert describe(kept(whole)).root == found.root


@pytest.mark.parametrize(
    ("raw", "alone"),
    [
        (
            {"model_type": "exaone4_5", "text_config": {"model_type": "exaone4_5_text", **QWEN2}},
            {"model_type": "exaone4", **QWEN2},
        ),
        (
            {"model_type": "fuyu", "patch_size": 30, **FUYU},
            {"model_type": "persimmon", **FUYU},
        ),
        (
            {"model_type": "phi4_multimodal", "vocab_size": 100, **PHI},
            {"model_type": "phi3", "vocab_size": 100, **PHI},
        ),
    ],
)
def test_the_releases_own_spelling_is_read(raw: dict[str, Any], alone: dict[str, Any]) -> None:
    """An older name of the type, and keys of the language model at the top."""
    found = describe(raw)
    assert parameters(found.root).total == parameters(describe(alone).root).total
    assert found.unread == ()


def test_a_wrapper_without_a_row_says_that_its_code_may_add() -> None:
    text = {"model_type": "qwen2", **QWEN2}
    known, unknown = (
        describe({"model_type": name, "text_config": text}) for name in ("llava", "nobodys_vlm")
    )
    assert any("may add to it" in line for line in unknown.warnings)
    assert not any("may add to it" in line for line in known.warnings)


def test_ties_that_differ_are_said() -> None:
    text = {"model_type": "qwen2", **QWEN2, "tie_word_embeddings": False}
    found = describe({"model_type": "internvl", "text_config": text})
    assert found.root.value("tied") is False
    assert any("transformers reads it" in line for line in found.warnings)
