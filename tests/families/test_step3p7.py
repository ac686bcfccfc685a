"""Step 3.7 in the reference's words: what they must agree on, and what of them no description can be made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from llm_gallery.architecture.block import distinct, walk
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import find
from llm_gallery.recognition import describe

FULL, SLIDING = "full_attention", "sliding_attention"
PLAIN = {"rope_type": "default", "rope_theta": 10000.0}
SAVED: Mapping[str, Any] = {
    "model_type": "step3p5", "vocab_size": 97, "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 4,
    "max_position_embeddings": 512, "num_attention_heads": 4, "num_sliding_attention_heads": 6, "num_key_value_heads": 2,
    "head_dim": 16, "layer_types": [FULL, SLIDING, SLIDING, FULL], "sliding_window": 8, "n_routed_experts": 6,
    "rope_parameters": {FULL: {**PLAIN, "rope_theta": 5e6, "partial_rotary_factor": 0.5}, SLIDING: PLAIN},
    "num_experts_per_tok": 2, "moe_intermediate_size": 24, "share_expert_dim": 16, "num_nextn_predict_layers": 1,
    "mtp_layer_types": [SLIDING],
}  # fmt: skip


def made(**other: Any) -> Any:
    return describe({"model_type": "step3p7", "text_config": {**SAVED, **other}}).root


def test_layers_differ_as_they_are_listed() -> None:
    attention = [block for _, block in walk(made()) if block.kind == "attention"]
    said = {(b.number("heads"), b.value("window"), b.value("rope_base")) for b in attention}
    assert said == {(4, None, 5e6), (6, 8, 10000.0)}


def test_experts_begin_with_the_fourth_layer_where_nothing_says() -> None:
    def sparse(root: Any) -> int:
        return sum(block.kind == "moe" for block in distinct(root))

    assert sparse(made()) == 1
    assert sparse(made(mlp_layer_types=["dense"] * 4)) == 0


ODD: Mapping[str, Mapping[str, Any]] = {
    "mtp_layer_types lists 2 layers": {"mtp_layer_types": [SLIDING, FULL]},
    "layer_types lists 1 layers": {"layer_types": [FULL]},
    "query_pre_attn_scalar is 8": {"query_pre_attn_scalar": 8},
    "per_layer_config is": {"per_layer_config": {"1": {"head_dim": 8}}},
    "rope_parameters has no sliding_attention": {"rope_parameters": {FULL: PLAIN}},
    "rope_parameters extends sliding_attention": {
        "rope_parameters": {FULL: PLAIN, SLIDING: {**PLAIN, "rope_type": "linear", "factor": 2.0}}
    },
    "attention_bias is true": {"attention_bias": True},
}


@pytest.mark.parametrize("words", ODD)
def test_what_disagrees_is_refused(words: str) -> None:
    with pytest.raises(Refusal, match=words):
        made(**ODD[words])


@pytest.mark.parametrize("key", ["head_dim", "num_attention_groups"])
def test_windowed_layers_have_the_others_keys(key: str) -> None:
    """The serving code gives them heads of their own, the reference the others'."""
    config = {**find("step-3.5-flash").config, "model_type": "step3p5"}
    config["attention_other_setting"] = {**config["attention_other_setting"], key: 2}
    with pytest.raises(Refusal, match=f"attention_other_setting.{key} is 2, expected {key}"):
        describe({"model_type": "step3p7", "text_config": config})
