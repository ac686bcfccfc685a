"""Files that servers and other programs keep of known models, in words of their own: the same model, or refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Block, Tensor, tensors
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import find
from llm_gallery.recognition import describe
from tests.recognition.first_files import LING

Json = Mapping[str, Any]
PLUS = {
    **{key: value for key, value in LING.items() if key not in ("num_experts", "num_shared_experts")},
    "hidden_size": 5376, "intermediate_size": 12288, "moe_intermediate_size": 3072, "n_routed_experts": 64,
    "n_shared_experts": 1, "num_attention_heads": 56, "num_experts_per_tok": 4, "num_hidden_layers": 88,
    "num_key_value_heads": 8,
}  # fmt: skip
"""https://github.com/inclusionAI/Ling/blob/master/inference/mindie/plus/model_base_config.json"""
SEEN = {
    "text_config": {
        "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 4, "num_attention_heads": 4, "vocab_size": 97,
        "num_key_value_heads": 2, "head_dim": 16, "num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 32,
        "shared_expert_intermediate_size": 32,
    },
    "vision_config": {"depth": 1, "hidden_size": 32, "num_heads": 2, "intermediate_size": 48, "out_hidden_size": 64},
}  # fmt: skip
NANBEIGE = {
    "model_type": "nanbeige", "vocab_size": 64, "hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2,
    "num_attention_heads": 2,
}  # fmt: skip


def m3(**other: Any) -> Json:
    """MiniMax M3's text as aiconfigurator has it: at the top, under a class of servers."""
    text = find("minimax-m3-428b").config["text_config"]
    twice = {"first_k_dense_replace": 3, "moe_intermediate_size": text["intermediate_size"]}
    own = {"model_type": "minimax_m3", "architectures": ["MiniMaxM3ForCausalLM"]}
    return {**text, **twice, **own, "num_nextn_predict_layers": 1, **other}


def elements(root: Block) -> int:
    return parameters(root).total


def test_lings_makers_have_other_words_for_experts() -> None:
    made = describe(PLUS)
    assert elements(made.root) == 290_602_910_976  # of which they say 290B
    assert made.unread == ()
    for key in ("n_routed_experts", "n_shared_experts"):
        with pytest.raises(Refusal, match=key.removeprefix("n_").removeprefix("routed_")):
            describe({name: value for name, value in PLUS.items() if name != key})


def test_minimax_m3s_text_alone_is_the_catalogs() -> None:
    whole, alone = find("minimax-m3-428b").architecture.root, describe(m3())
    seen = [block for block in whole.inside if block.other_modality or block.kind == "projector"]
    of_pictures = sum(sized(tensor) for block in seen for tensor in tensors(block))
    assert elements(alone.root) == sum(map(sized, tensors(whole))) - of_pictures
    assert alone.unread == ()


def sized(tensor: Tensor) -> int:
    made = 1
    for side in tensor.shape:
        made *= int(side)
    return 0 if tensor.tied_to else made


@pytest.mark.parametrize(
    "other",
    [
        {"first_k_dense_replace": 2},
        {"moe_intermediate_size": 7},
        {"architectures": ["SomeOther"]},
        {"moe_layer_freq": None},
    ],
)
def test_what_is_told_twice_must_agree(other: Json) -> None:
    with pytest.raises(Refusal, match=next(iter(other))):
        describe(m3(**other))


@pytest.mark.parametrize("family", ["qwen3_5", "qwen3_5_moe"])
def test_qwen_3_5_with_pictures_has_another_name(family: str) -> None:
    named = describe({**SEEN, "model_type": f"{family}_vl"})
    plain = describe({**SEEN, "model_type": family})
    assert [*tensors(named.root)] == [*tensors(plain.root)]
    assert any(f"{family}_vl is another name of {family}" in line for line in named.warnings)
    with pytest.raises(Refusal, match="text_config is missing"):
        describe({"model_type": f"{family}_vl", **SEEN["text_config"]})


def test_nanbeiges_class_fills_in_what_a_file_leaves_out() -> None:
    filled = {
        "hidden_act": "silu",
        "max_position_embeddings": 2048,
        "rope_theta": 10000.0,
        "num_loops": 1,
    }
    bare, told = describe(NANBEIGE), describe({**NANBEIGE, **filled, "tie_word_embeddings": False})
    assert [*tensors(bare.root)] == [*tensors(told.root)]
    assert bare.root.number("context") == 2048
    assert bare.root.facts["context"].evidence == "implied"


@pytest.mark.parametrize(
    "model_type", ["mimo_mtp", "deepseek_mtp", "qwen3_next_mtp", "iquest_q1_mtp_recursive"]
)
def test_modules_that_predict_further_tokens_are_no_model_alone(model_type: str) -> None:
    with pytest.raises(Refusal, match="modules of another model"):
        describe({"model_type": model_type, "hidden_size": 64, "num_hidden_layers": 1})


@pytest.mark.parametrize(
    ("name", "again"),
    [
        ("falcon-7b", {"n_head": 71, "n_layer": 32}),
        ("glm-5", {"num_experts": 256, "qk_head_dim": 256}),
    ],
)
def test_a_second_word_for_a_size_must_agree(name: str, again: Json) -> None:
    known = find(name)
    made = describe({**known.config, **again})
    assert [*tensors(made.root)] == [*tensors(known.architecture.root)]
    assert not made.unread
    key = next(iter(again))
    with pytest.raises(Refusal, match=key):
        describe({**known.config, key: again[key] + 1})


@pytest.mark.parametrize(("said", "told"), [(False, True), (True, False), (None, False)])
def test_an_embedding_model_in_a_language_models_layers_is_told(said: object, told: bool) -> None:
    """https://huggingface.co/Alibaba-NLP/gte-Qwen2-7B-instruct says so; its layers are Qwen2's."""
    known = find("llama-3-8b").config
    lines = describe({**known, "is_causal": said}).warnings
    assert any("each token sees later ones too" in line for line in lines) is told
