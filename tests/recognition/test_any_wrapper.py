"""A multimodal config that no family describes is its language model, and every name and number says so."""

from __future__ import annotations

from typing import Any

import pytest

from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import walk
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import model
from llm_gallery.recognition import catalog_config, describe
from llm_gallery.running.proof import proof

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
        {"model_type": "nobodys_chat", "llm_config": {"model_type": "qwen2", **QWEN2}},
        {"model_type": "qwen2_5_vl", **QWEN2},
        {"model_type": "fast_vlm", "tie_word_embeddings": False, "text_config": QWEN2},
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
    assert describe(catalog_config(whole)).root == found.root


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


LLAMA = {**QWEN2, "max_position_embeddings": 512, "rms_norm_eps": 1e-5}
EXPERTS = {
    "n_routed_experts": 6,
    "n_shared_experts": 2,
    "num_experts_per_tok": 2,
    "moe_intermediate_size": 48,
    "first_k_dense_replace": 1,
}
LATENT = {
    "kv_lora_rank": 32,
    "q_lora_rank": None,
    "qk_nope_head_dim": 16,
    "qk_rope_head_dim": 8,
    "v_head_dim": 16,
}
GROUPS = {"n_group": 1, "topk_group": 1, "norm_topk_prob": True, "topk_method": "noaux_tc"}
V2 = {**QWEN2, **EXPERTS, "num_key_value_heads": 4}
OCR = {**V2, "use_mla": False, "topk_method": "greedy", "lm_head": True, "rm_head": False}
DENSE = {"norm_topk_prob": False, "hidden_act": "silu", "max_position_embeddings": 512}


@pytest.mark.parametrize(
    ("raw", "alone"),
    [
        ({"model_type": "minicpmv", "version": 2.6, **LLAMA}, {"model_type": "qwen2", **LLAMA}),
        ({"model_type": "minicpmv", "version": "4.5", **LLAMA}, {"model_type": "qwen3", **LLAMA}),
        ({"model_type": "minicpmv", "version": 4, **LLAMA}, {"model_type": "llama", **LLAMA}),
        ({"model_type": "minicpmv", "query_num": 96, **LLAMA}, {"model_type": "llama", **LLAMA}),
        ({"model_type": "minicpmo", **LLAMA}, {"model_type": "qwen2", **LLAMA}),
        ({"model_type": "llava_llama", "mm_hidden_size": 8, **LLAMA}, {"model_type": "llama", **LLAMA}),
        (
            {"model_type": "llava_llama", "hidden_size": 64, "llm_cfg": {"model_type": "qwen2", **LLAMA}},
            {"model_type": "qwen2", **LLAMA},
        ),
        ({"model_type": "llava_mistral", **LLAMA}, {"model_type": "mistral", **LLAMA}),
        ({"model_type": "llava_qwen", **LLAMA}, {"model_type": "qwen2", **LLAMA}),
        ({"model_type": "dots_ocr", **LLAMA}, {"model_type": "qwen2", **LLAMA}),
        ({"model_type": "llava_qwen2", **LLAMA}, {"model_type": "qwen2", **LLAMA}),
        ({"model_type": "GOT", "image_token_len": 256, **LLAMA}, {"model_type": "qwen2", **LLAMA}),
        ({"model_type": "logics", **LLAMA}, {"model_type": "qwen3", **LLAMA}),
        ({"model_type": "mineru2_qwen", "mm_use_box_start_end": True, **LLAMA}, {"model_type": "qwen2", **LLAMA}),
        ({"model_type": "videochat_flash_qwen", "llm_compress_layer_list": [1], **LLAMA}, {"model_type": "qwen2", **LLAMA}),
        ({"model_type": "llava", "mm_vision_tower": "clip", **LLAMA}, {"model_type": "llama", **LLAMA}),
        (
            {"model_type": "qwen3_asr", "thinker_config": {"audio_config": {}, "text_config": {"model_type": "qwen3_asr_text", **LLAMA}}},
            {"model_type": "qwen3", **LLAMA},
        ),
        ({"model_type": "vibevoice", "decoder_config": {"model_type": "qwen2", **LLAMA}}, {"model_type": "qwen2", **LLAMA}),
        (
            {"model_type": "kimi_vl", "text_config": {**V2, **LATENT, **GROUPS}},
            {"model_type": "deepseek_v3", **V2, **LATENT, **GROUPS},
        ),
        (
            {"model_type": "deepseek_vl_v2", "language_config": {**V2, **LATENT, **GROUPS}},
            {"model_type": "deepseek_v3", **V2, **LATENT, **GROUPS},
        ),
        (
            {"model_type": "deepseek_vl_v2", "language_config": {**V2, **LATENT, "use_mla": True}},
            {"model_type": "deepseek_v2", **V2, **LATENT},
        ),
        (
            {"model_type": "deepseek_vl_v2", "language_config": {"model_type": "deepseek_v2", **OCR}},
            {"model_type": "deepseek", "tie_word_embeddings": False, **V2, **DENSE},
        ),
    ],
)  # fmt: skip
def test_a_release_says_which_language_model_it_is_around(
    raw: dict[str, Any], alone: dict[str, Any]
) -> None:
    """As the code that serves them chooses, by a version or by what attends and routes."""
    found = describe(raw)
    assert parameters(found.root).total == parameters(describe(alone).root).total
    assert found.unread == ()
    assert found.uncounted
    assert describe(catalog_config(raw)).root == found.root


@pytest.mark.parametrize(
    ("model_type", "said", "told"),
    [
        ("qwen2_5_vl", {"type": "mrope", "mrope_section": [2, 3, 3]}, None),
        ("hunyuan_vl", {"type": "xdrope", "alpha": 1000.0, "xdrope_section": [2, 2, 2, 2]}, "dynamic"),
    ],
)  # fmt: skip
def test_words_turn_as_ever_where_pictures_have_places(
    model_type: str, said: dict[str, Any], told: str | None
) -> None:
    """The reference reads the first as no extension, and the second as Hunyuan's."""
    raw = {"model_type": model_type, **LLAMA, "rope_scaling": said}
    heads = [b for _, b in walk(describe(raw).root) if b.kind == "attention"]
    assert {block.value("rope_scaling") for block in heads} == {told}
    assert proof(raw).run.holds


def test_a_tower_beside_a_familys_own_keys_is_named_and_not_counted() -> None:
    """GLM-4V's and Qwen-VL's, whose types are their language models'."""
    found = describe({"model_type": "qwen2", **QWEN2, "vision_config": TOWER})
    assert found.uncounted == ("vision_config",)
    assert found.unread == ()
    assert found.warnings[0].startswith("the language model alone is described and counted")


def test_the_first_glm_4v_has_its_language_model_at_the_top() -> None:
    """Its class of today builds its own default of such a file; the release's sizes are those at the top."""
    text = {**QWEN2, "hidden_size": 32, "partial_rotary_factor": 0.5}
    vision = {"hidden_size": 48, "out_hidden_size": 32, "depth": 1, "num_heads": 4}
    first = describe({"model_type": "glm4v", "vision_config": vision, **text})
    today = describe({"model_type": "glm4v", "vision_config": vision, "text_config": text})
    assert first.root == today.root
    assert first.unread == ()
    assert any("transformers passes it over" in line for line in first.warnings)
    assert today.warnings == ()


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


def test_a_head_that_a_flat_file_unties_is_said() -> None:
    """The reference ties it all the same: it asks the language model's own config, which such a file has none of."""
    raw = {"model_type": "hunyuan_vl", **LLAMA, "vision_config": TOWER}
    untied = describe({**raw, "tie_word_embeddings": False})
    assert untied.root.value("tied") is False
    said = [line for line in untied.warnings if "transformers passes it over" in line]
    assert len(said) == 1
    assert not any("passes it over" in line for line in describe(raw).warnings)


RW = {
    "model_type": "RefinedWebModel", "vocab_size": 100, "hidden_size": 64, "n_layer": 2, "n_head": 4, "alibi": False,
    "bias": False, "parallel_attn": True, "multi_query": True,
}  # fmt: skip


def test_a_language_model_has_its_types_old_name_inside_too() -> None:
    """Otter's files around Falcon are of 2023: keys, sizes and refusals are those of the file."""
    whole = {"model_type": "flamingo", "text_config": RW, "vision_config": TOWER}
    found, alone = describe(whole), describe(RW)
    assert parameters(found.root).total == parameters(alone.root).total
    assert {*alone.warnings} < {*found.warnings}
    assert found.unread == ()
    assert describe(catalog_config(whole)) == found
    assert catalog_config(whole)["text_config"]["n_layer"] == 2
    short = {key: value for key, value in RW.items() if key != "alibi"}
    with pytest.raises(Refusal, match=r"text_config\.alibi is missing"):
        describe({**whole, "text_config": short})


def test_keys_outside_that_say_what_the_language_model_is_anyway_are_no_doubt() -> None:
    """Fuyu's release states its sizes at the top, beside a language model that takes them for granted."""
    raw = {
        "model_type": "fuyu",
        "hidden_size": 4096,
        "num_hidden_layers": 36,
        "text_config": {"model_type": "persimmon"},
    }
    assert describe(raw).unread == ()
    assert describe({**raw, "num_hidden_layers": 24}).unread == ("num_hidden_layers",)


@pytest.mark.parametrize("where", ["", "text_config"])
@pytest.mark.parametrize("key", ["quantization_config", "quantization"])
def test_how_weights_are_stored_is_said_wherever_it_stands(where: str, key: str) -> None:
    """MLX's key, and a language model that says it for itself: Kimi K2.5's."""
    said = {key: {"bits": 4}}
    text = {"model_type": "qwen2", **QWEN2}
    raw: dict[str, Any] = {
        "model_type": "nobodys_chat",
        "text_config": {**text, **said} if where else text,
    }
    assert any(
        "stored quantized" in line for line in describe(raw if where else {**raw, **said}).warnings
    )
    assert not any(
        "stored quantized" in line for line in describe({**raw, "text_config": text}).warnings
    )
