"""Whole multimodal releases that transformers builds otherwise, or not at all: as many parameters as their checkpoints."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

import pytest

from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Block, tensors
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.recognition import describe
from tests.families.test_beside import MINICPM, VIT, beside

Config = Mapping[str, Any]


def total(raw: Config) -> int:
    """The parameters of all parts."""
    counted = parameters(describe(raw).root)
    return counted.total + counted.other_modalities


def elements(block: Block) -> int:
    """What its tensors hold."""
    return sum(prod(tensor.shape) for tensor in tensors(block))


INTERN: Config = {
    "model_type": "internvl_chat",
    "llm_config": {
        "model_type": "internlm2",
        "vocab_size": 92553,
        "hidden_size": 2048,
        "intermediate_size": 8192,
        "num_hidden_layers": 24,
        "num_attention_heads": 16,
        "num_key_value_heads": 8,
        "bias": False,
        "max_position_embeddings": 32768,
        "rope_theta": 1000000,
    },
    "vision_config": {**VIT, "model_type": "intern_vit_6b", "qkv_bias": True, "qk_normalization": False},
}  # fmt: skip
PHI: Config = {
    "model_type": "phi3_v",
    "vocab_size": 32064,
    "hidden_size": 3072,
    "intermediate_size": 8192,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "num_key_value_heads": 32,
    "max_position_embeddings": 131072,
    "original_max_position_embeddings": 4096,
    "rope_scaling": {"long_factor": [1.0] * 48, "short_factor": [1.0] * 48, "type": "su"},
    "tie_word_embeddings": False,
    "img_processor": {
        "image_dim_out": 1024,
        "model_name": "openai/clip-vit-large-patch14-336",
        "name": "clip_vision_model",
        "num_img_tokens": 144,
    },
    "embd_layer": {
        "embedding_cls": "image",
        "hd_transform_order": "sub_glb",
        "projection_cls": "mlp",
        "use_hd_transform": True,
        "with_learnable_separator": True,
    },
}


@pytest.mark.parametrize(("raw", "published"), [(INTERN, 2_205_754_368), (PHI, 4_146_621_440)])
def test_as_large_as_the_checkpoint(raw: Config, published: int) -> None:
    """https://github.com/floschne/gimmick lists what the safetensors of InternVL2.5-2B and Phi-3.5 vision hold."""
    found = describe(raw)
    assert total(raw) == published
    assert found.unread == found.uncounted == found.warnings == ()


def test_a_language_model_of_another_class_is_said() -> None:
    """Mono-InternVL's has experts for pictures in each layer under the type of InternLM 2."""
    inner = INTERN["llm_config"]
    for name, said in (("InternLM2VEForCausalLM", 1), ("InternLM2ForCausalLM", 0)):
        found = describe({**INTERN, "llm_config": {**inner, "architectures": [name]}})
        assert sum(name in line for line in found.warnings) == said


@pytest.mark.parametrize(
    ("key", "changed"),
    [("img_processor", {"model_name": "another"}), ("embd_layer", {"projection_cls": "linear"})],
)
def test_towers_that_phi_3_visions_code_doesnt_build_stay_uncounted(
    key: str, changed: Config
) -> None:
    found = describe({**PHI, key: {**PHI[key], **changed}})
    assert set(found.uncounted) == {"img_processor", "embd_layer"}
    assert not beside(found)


PADDLE: Config = {
    "model_type": "paddleocr_vl",
    "vocab_size": 103424,
    "hidden_size": 1024,
    "intermediate_size": 3072,
    "num_hidden_layers": 18,
    "num_attention_heads": 16,
    "num_key_value_heads": 2,
    "head_dim": 128,
    "use_bias": False,
    "tie_word_embeddings": False,
    "vision_config": {
        "model_type": "paddleocr_vl",
        "hidden_size": 1152,
        "intermediate_size": 4304,
        "num_hidden_layers": 27,
        "num_attention_heads": 16,
        "image_size": 384,
        "patch_size": 14,
        "spatial_merge_size": 2,
        "temporal_patch_size": 2,
    },
}
UNREAD_PLACES = 32_768 * 1152
UNREAD_HEAD = 1152 + 4 * 1152 * 1153 + 2 * 1152 + (2 * 1152 + 1) * 4304 + 1152


def test_paddleocr_vl_has_its_language_model_at_the_top() -> None:
    """Its checkpoint holds 958,588,736: two parts of SigLIP that nothing reads beside what is described."""
    found = describe(PADDLE)
    assert total(PADDLE) == 958_588_736 - UNREAD_PLACES - UNREAD_HEAD
    assert found.unread == found.uncounted == ()
    assert any("transformers passes it over" in line for line in found.warnings)


@pytest.mark.parametrize("named", ["siglip", "siglip_vision_model"])
def test_minicpm_vs_tower_under_either_of_its_names(named: str) -> None:
    raw = {**MINICPM, "vision_config": {**MINICPM["vision_config"], "model_type": named}}
    assert beside(describe(raw)) == beside(describe(MINICPM))


def of_vl2(**vision: Any) -> Config:
    """DeepSeek VL2 tiny, as its release states it."""
    said = {"model_name": "siglip_so400m_patch14_384", "mlp_ratio": 3.7362, **vision}
    return {
        "model_type": "deepseek_vl_v2",
        "language_config": {
            "model_type": "deepseek_v2",
            "vocab_size": 129280,
            "hidden_size": 1280,
            "intermediate_size": 6848,
            "moe_intermediate_size": 896,
            "num_hidden_layers": 12,
            "num_attention_heads": 10,
            "num_key_value_heads": 10,
            "max_position_embeddings": 4096,
            "n_routed_experts": 64,
            "n_shared_experts": 2,
            "num_experts_per_tok": 6,
            "first_k_dense_replace": 1,
            "topk_method": "greedy",
            "use_mla": False,
        },
        "projector_config": {"model_type": "mlp_projector", "n_embed": 1280},
        "vision_config": {
            "model_type": "vision", "layers": 27, "patch_size": 14, "width": 1152, **said,
        },
        "tile_tag": "2D",
    }  # fmt: skip


def test_deepseek_vl2s_tower_is_siglip_under_other_names() -> None:
    """As many elements as the reference's SigLIP with its head has, and the maps that the release's code builds."""
    stored = beside(describe(of_vl2()))
    sizes = {"hidden_size": 1152, "intermediate_size": 4304, "num_hidden_layers": 27}
    same = {**sizes, "num_attention_heads": 16, "patch_size": 14, "image_size": 384}
    siglip = {"model_type": "siglip_vision_model", "vision_use_head": True, **same}
    other = describe({"model_type": "llava", "text_config": {}, "vision_config": siglip})
    towers = (b for found in (describe(of_vl2()), other) for b in found.root.inside)
    ours, theirs = (b for b in towers if b.kind == "vision_tower")
    assert elements(ours) == elements(theirs)
    assert stored["projector.layers.0.weight"] == (1280, 4 * 1152)
    assert stored["projector.layers.2.weight"] == (1280, 1280)
    assert stored["image_newline"] == stored["view_seperator"] == (1280,)
    assert stored["vision.attn_pool.kv.weight"] == (2 * 1152, 1152)


PHI_4: Config = {
    "model_type": "phi4mm",
    "vocab_size": 200064,
    "hidden_size": 3072,
    "intermediate_size": 8192,
    "num_hidden_layers": 32,
    "num_attention_heads": 24,
    "num_key_value_heads": 8,
    "max_position_embeddings": 131072,
    "original_max_position_embeddings": 4096,
    "partial_rotary_factor": 0.75,
    "rope_scaling": {"long_factor": [1.0] * 48, "short_factor": [1.0] * 48, "type": "longrope"},
    "tie_word_embeddings": True,
    "mlp_bias": False,
    "audio_processor": {
        "config": {
            "activation": "swish", "attention_dim": 1024, "attention_heads": 16, "batch_norm": False,
            "bias_in_glu": True, "causal": True, "chunk_size": -1, "cnn_layer_norm": True, "conv_activation": "swish",
            "conv_glu_type": "swish", "depthwise_multiplier": 1, "depthwise_seperable_out_channel": 1024,
            "encoder_embedding_config": {"input_size": 80}, "ext_pw_kernel_size": 1, "ext_pw_out_channel": 1024,
            "input_layer": "nemo_conv", "input_size": 80, "kernel_size": 3, "left_chunk": 18, "linear_units": 1536,
            "nemo_conv_settings": {"conv_channels": 1024}, "num_blocks": 24, "time_reduction": 8,
            "relative_attention_bias_args": {"t5_bias_max_distance": 500, "type": "t5"},
        },
        "name": "cascades",
    },
    "embd_layer": {
        "audio_embd_layer": {
            "compression_rate": 8, "downsample_rate": 1, "embedding_cls": "audio", "projection_cls": "mlp",
            "use_conv_downsample": False, "use_qformer": False,
        },
        "embedding_cls": "image_audio",
        "image_embd_layer": {
            "crop_size": 448, "embedding_cls": "tune_image", "hd_transform_order": "sub_glb",
            "image_token_compression_cls": "avg_pool_2d", "projection_cls": "mlp", "use_hd_transform": True,
            "with_learnable_separator": True,
        },
    },
    "speech_lora": {"dp": 0.01, "layer": "all", "lora_alpha": 640, "r": 320},
    "vision_lora": {"dp": 0.0, "layer": "all", "lora_alpha": 512, "r": 256},
}  # fmt: skip


def test_phi_4_multimodal_is_as_large_as_its_checkpoint_with_its_adapters() -> None:
    """The headers of its safetensors count 5,574,460,384, of which 160 are the mean and deviation of sounds."""
    found = describe(PHI_4)
    assert total(PHI_4) == 5_574_460_384
    assert found.unread == found.uncounted == found.warnings == ()
    stored = beside(found)
    adapted = "model.layers.31.mlp.gate_up_proj"
    assert stored[f"{adapted}.lora_A.speech.weight"] == (320, 3072)
    assert stored[f"{adapted}.lora_B.vision.weight"] == (2 * 8192, 256)
    assert f"{adapted}.base_layer.weight" in {tensor.name for tensor in tensors(found.root)}


def test_phi_4_multimodal_without_what_its_class_asks_for_is_its_language_model() -> None:
    raw = {key: value for key, value in PHI_4.items() if key != "speech_lora"}
    found = describe(raw)
    assert set(found.uncounted) == {"audio_processor", "embd_layer", "vision_lora"}
    assert not beside(found)


def test_a_conformer_that_its_release_never_had_is_refused() -> None:
    own = PHI_4["audio_processor"]["config"]
    changed = {"config": {**own, "causal": False}, "name": "cascades"}
    with pytest.raises(Refusal, match=r"audio_processor\.config\.causal is false, expected true"):
        describe({**PHI_4, "audio_processor": changed})
