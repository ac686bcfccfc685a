"""Language models' configs taken out of a wrapper's: of every type that the reference has inside of one alone."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.recognition import catalog_config, describe, known, left_open
from llm_gallery.recognition.wrapper_table import WRAPPERS
from tests.truth.test_any_wrapper import COMPLETED
from tools.digests import Shapes, described

REFUSED = {
    "deepseek_ocr2_text": "num_experts_per_tok is null",
    "diffusion_gemma_text": "num_experts, top_k_experts or moe_intermediate_size is missing",
    "glm4v_moe_text": "expected a multiple of num_attention_heads (96)",
    "qwen3_omni_moe_text": "73 channels of each head are rotated",
    "granite4_vision_text": "deepstack_layer_map is missing",
    "molmo2_text": "adapter_config.text_hidden_size is 3584",
}
"""Whose defaults nothing can be described of, inside the whole either."""


NOT_THERE = {"agnes_text", "interns2_mobius_text", "step3p7_text"}
"""Whose wrapper the reference doesn't have."""


def of_words(root: Block) -> Shapes:
    """The tensors of no tower."""
    return described(replace(root, inside=tuple(b for b in root.inside if not b.other_modality)))


@pytest.mark.truth
@pytest.mark.parametrize("model_type", sorted(WRAPPERS.keys() - NOT_THERE))
def test_it_is_the_part_that_it_is_in_the_whole(model_type: str) -> None:
    """Tensors are those that the whole has of words, which other tests hold against the reference."""
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING

    wrapper, at = WRAPPERS[model_type]
    whole = CONFIG_MAPPING[wrapper](**COMPLETED.get(wrapper, {})).to_dict()
    inner: Any = whole
    for key in at.split("."):
        inner = inner[key]
    raw = {**inner, "model_type": model_type}
    assert known(raw)
    if model_type in REFUSED:
        with pytest.raises(Refusal, match=re.escape(REFUSED[model_type])):
            describe(whole)
        return
    held = describe(whole)
    said = {**raw, "tie_word_embeddings": held.root.value("tied")}
    architecture = describe(said)
    assert of_words(held.root) == described(architecture.root)
    assert not any(block.other_modality for block in architecture.root.inside)
    assert architecture.caveat == " (language model only)"
    assert {*left_open(said).assumed} == {*architecture.assumed}
    assert describe(catalog_config(said)).root == architecture.root


def test_a_tie_that_only_the_whole_says() -> None:
    config = {"model_type": "qwen2_5_vl_text", "hidden_size": 64, "num_attention_heads": 8}
    unsaid = describe(config)
    assert unsaid.warnings[1].startswith(
        "tie_word_embeddings isn't said here but in the whole config"
    )
    tied = describe({**config, "tie_word_embeddings": True})
    assert (unsaid.root.value("tied"), tied.root.value("tied")) == (False, True)
    assert not any(line.startswith("tie_word_embeddings") for line in tied.warnings)


def test_keys_are_named_as_they_stand() -> None:
    with pytest.raises(Refusal, match=r"^hidden_size is -1"):
        describe({"model_type": "qwen2_vl_text", "hidden_size": -1})
    made = describe({"model_type": "qwen2_vl_text", "odd_heads": 3, "num_hidden_layers": 2})
    assert made.unread == ("odd_heads",)


@pytest.mark.truth
def test_step_3_7_saves_the_type_of_step_3_5() -> None:
    """With keys that Step 3.5's own files don't have."""
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING

    whole = CONFIG_MAPPING["step3p7"]().to_dict()
    whole["text_config"]["sliding_window"] = 512
    assert whole["text_config"]["model_type"] == "step3p5"
    made = describe({**whole["text_config"], "tie_word_embeddings": False})
    assert made.model_type == "step3p7"
    assert of_words(describe(whole).root) == described(made.root)
