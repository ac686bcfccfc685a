"""Parts beside a language model: described where every one of them is known, and as the releases' own keys say them."""

from __future__ import annotations

from typing import Any

import pytest

from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Architecture, tensors
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.recognition import describe
from tools.digests import described

QWEN2: dict[str, Any] = {
    "model_type": "qwen2",
    "hidden_size": 896,
    "intermediate_size": 4864,
    "num_attention_heads": 14,
    "num_hidden_layers": 24,
    "num_key_value_heads": 2,
    "tie_word_embeddings": False,
    "vocab_size": 151655,
}
VIT: dict[str, Any] = {
    "hidden_size": 1024,
    "image_size": 448,
    "intermediate_size": 4096,
    "norm_type": "layer_norm",
    "num_attention_heads": 16,
    "num_hidden_layers": 24,
    "patch_size": 14,
}
CLIP = {**VIT, "model_type": "clip_vision_model"}


def beside(found: Architecture) -> dict[str, tuple[int, ...]]:
    """The tensors of all that stands apart from the language model."""
    return {
        tensor.name: tensor.shape
        for block in found.root.inside
        if block.other_modality
        for tensor in tensors(block)
    }


def internvl(**keys: Any) -> dict[str, Any]:
    said = {"model_type": "intern_vit_6b", "qkv_bias": True, "qk_normalization": False}
    return {
        "model_type": "internvl_chat",
        "llm_config": QWEN2,
        "vision_config": {**VIT, **said},
        **keys,
    }


def test_internvls_own_keys_say_what_the_references_do() -> None:
    """Qianfan's checkpoint has InternVL's names, and is proven by the reference; both are as large as is published.

    https://huggingface.co/OpenExplorer/InternVL2-1B counts 308.5M and 629.7M in the checkpoint of InternVL2-1B.
    """
    found = describe(internvl())
    vision = {**VIT, "attention_bias": True}
    other = describe({"model_type": "qianfan_ocr", "text_config": QWEN2, "vision_config": vision})
    assert beside(found) == beside(other)
    counted = parameters(found.root)
    assert (round(counted.other_modalities / 1e6, 1), round(counted.total / 1e6, 1)) == (
        308.5,
        629.7,
    )
    assert found.unread == found.uncounted == ()


def test_adapters_on_a_language_model_are_refused() -> None:
    with pytest.raises(Refusal, match="use_llm_lora is 16, expected 0"):
        describe(internvl(use_llm_lora=16))


def test_molmo_2_without_a_tower_is_its_language_model() -> None:
    adapter = {"text_hidden_size": 4096}
    found = describe({"model_type": "molmo2", "text_config": {}, "adapter_config": adapter})
    assert set(found.uncounted) == {"vision_config", "adapter_config"}
    assert not beside(found)


def test_an_unknown_tower_leaves_the_language_model_alone() -> None:
    tower = {"model_type": "nobodys_tower", "hidden_size": 32}
    found = describe({"model_type": "llava", "text_config": QWEN2, "vision_config": tower})
    assert found.uncounted == ("vision_config (nobodys_tower)",)
    assert not beside(found)


def test_what_a_described_part_doesnt_know_is_shown() -> None:
    raw = {"model_type": "llava", "text_config": QWEN2, "vision_config": {**CLIP, "new": 1}, "x": 2}
    found = describe(raw)
    assert found.unread == ("vision_config.new", "vision_config.norm_type", "x")
    assert found.uncounted == ()
    assert "vision_config.num_channels" in found.assumed


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (
            {
                "model_type": "aria",
                "vision_config": CLIP,
                "text_config": {"model_type": "aria_text"},
                "projector_patch_to_query_dict": {"4": "many"},
            },
            "expected a number of queries",
        ),
        (
            {
                "model_type": "internvl",
                "vision_config": {**VIT, "image_size": [1, 2, 3]},
                "text_config": QWEN2,
            },
            "expected one number or two",
        ),
        (
            {"model_type": "llava", "text_config": QWEN2, "vision_config": {**CLIP, "patch_size": 500}},
            r"vision_config\.patch_size is 500",
        ),
        (
            {"model_type": "ovis2", "text_config": QWEN2, "hidden_size": 896, "tie_word_embeddings": False},
            r"vocab_size is 151643, expected text_config\.vocab_size \(151655\)",
        ),
        (
            {"model_type": "molmo2", "text_config": {}, "vit_config": {}, "adapter_config": {"text_hidden_size": 4096, "vit_layers": [25]}},
            "vision_feature_layer has 25, expected one of the tower's 25 layers",
        ),
        (
            {"model_type": "molmo2", "text_config": {}, "vision_config": {}, "adapter_config": {"text_hidden_size": 4096, "vit_layers": []}},
            "vision_feature_layer is empty",
        ),
    ],
)  # fmt: skip
def test_a_part_that_contradicts_itself_is_refused(raw: dict[str, Any], said: str) -> None:
    with pytest.raises(Refusal, match=said):
        describe(raw)


SIGLIP: dict[str, Any] = {
    "hidden_size": 1152,
    "image_size": 980,
    "intermediate_size": 4304,
    "num_attention_heads": 16,
    "num_hidden_layers": 27,
    "patch_size": 14,
}
MINICPM: dict[str, Any] = {
    "model_type": "minicpmv",
    "version": 2.6,
    "vocab_size": 151666,
    "hidden_size": 3584,
    "intermediate_size": 18944,
    "num_hidden_layers": 28,
    "num_attention_heads": 28,
    "num_key_value_heads": 4,
    "tie_word_embeddings": False,
    "query_num": 64,
    "drop_vision_last_layer": False,
    "vision_config": {**SIGLIP, "model_type": "siglip"},
}


def test_minicpm_v_is_as_large_as_its_checkpoint() -> None:
    """https://github.com/floschne/gimmick lists what the safetensors of openbmb/MiniCPM-V-2_6 hold."""
    found = describe(MINICPM)
    counted = parameters(found.root)
    assert counted.total + counted.other_modalities == 8_099_175_152
    assert found.unread == found.uncounted == ()
    short = beside(describe({**MINICPM, "drop_vision_last_layer": True}))
    gone = beside(found).keys() - short.keys()
    assert gone
    assert all(name.startswith("vpm.encoder.layers.26.") for name in gone)


def test_what_speaks_for_minicpm_o_is_named_and_not_counted() -> None:
    whisper = {"model_type": "whisper", "d_model": 64, "encoder_layers": 2, "encoder_ffn_dim": 256}
    heard = {**whisper, "encoder_attention_heads": 4, "decoder_layers": 2}
    found = describe({**MINICPM, "model_type": "minicpmo", "audio_config": heard, "tts_config": {}})
    assert found.uncounted == ("tts_config",)
    assert beside(found)["audio_projection_layer.linear1.weight"] == (3584, 64)
    silent = {**MINICPM, "model_type": "minicpmo", "audio_config": heard, "init_audio": False}
    assert beside(describe({**silent, "init_tts": False})) == beside(describe(MINICPM))


LLAVA = {
    "model_type": "llava_qwen",
    **{key: value for key, value in QWEN2.items() if key != "model_type"},
    "mm_hidden_size": 1024,
    "mm_vision_tower": "openai/clip-vit-large-patch14-336",
}


@pytest.mark.parametrize(
    ("keys", "stored"),
    [
        ({}, {"model.mm_projector.weight": (896, 1024), "model.mm_projector.bias": (896,)}),
        (
            {"mm_projector_type": "mlp2x_gelu", "mm_patch_merge_type": "spatial_unpad"},
            {
                "model.mm_projector.0.weight": (896, 1024),
                "model.mm_projector.0.bias": (896,),
                "model.mm_projector.2.weight": (896, 896),
                "model.mm_projector.2.bias": (896,),
                "model.image_newline": (896,),
            },
        ),
        ({"mm_projector_type": "ldp"}, {}),
    ],
)
def test_llavas_own_projector_stands_beside_a_tower_that_is_named_alone(
    keys: dict[str, Any], stored: dict[str, tuple[int, ...]]
) -> None:
    found = describe({**LLAVA, **keys})
    assert beside(found) == stored
    assert found.uncounted == (
        ("mm_vision_tower",) if stored else ("mm_projector_type", "mm_vision_tower")
    )
    assert found.unread == ()


OCR: dict[str, Any] = {
    "first_k_dense_replace": 1,
    "hidden_size": 1280,
    "intermediate_size": 6848,
    "max_position_embeddings": 8192,
    "moe_intermediate_size": 896,
    "n_routed_experts": 64,
    "n_shared_experts": 2,
    "num_attention_heads": 10,
    "num_experts_per_tok": 6,
    "num_hidden_layers": 12,
    "num_key_value_heads": 10,
    "topk_method": "greedy",
    "use_mla": False,
    "vocab_size": 129280,
}
CLIP_L = {"heads": 16, "image_size": 224, "layers": 24, "patch_size": 14, "width": 1024}
SAM_B = {
    "downsample_channels": [512, 1024],
    "global_attn_indexes": [2, 5, 8, 11],
    "heads": 12,
    "layers": 12,
    "width": 768,
}


def deepseek_ocr(**sam: Any) -> dict[str, Any]:
    """As the release states it: the language model's keys twice, and both towers' sizes within one's width."""
    widths = {"clip-l-14-224": CLIP_L, "sam_vit_b": {**SAM_B, **sam}}
    joined = {"model_type": "mlp_projector", "projector_type": "linear", "input_dim": 2048}
    return {
        **OCR,
        "model_type": "deepseek_vl_v2",
        "language_config": {**OCR, "lm_head": True, "rm_head": False},
        "vision_config": {"model_type": "vision", "model_name": "deeplip_b_l", "width": widths},
        "projector_config": {**joined, "n_embed": 1280},
        "tile_tag": "2D",
    }


def test_deepseek_ocr_is_as_large_as_its_checkpoint() -> None:
    """Others list the 2,710 tensors of deepseek-ai/DeepSeek-OCR with their shapes: 3,336,106,240 parameters."""
    found = describe(deepseek_ocr())
    counted = parameters(found.root)
    assert counted.total + counted.other_modalities == 3_336_106_240
    assert len(described(found.root)) == 2_710
    assert found.unread == found.uncounted == ()


def test_towers_that_deepseek_ocrs_code_doesnt_build_stay_uncounted() -> None:
    found = describe(deepseek_ocr(layers=13))
    assert found.uncounted == ("projector_config (mlp_projector)", "vision_config (vision)")
    assert not beside(found)
    assert found.unread == ()
    other = describe({**deepseek_ocr(), "hidden_size": 640})
    assert other.unread == ("hidden_size",)
