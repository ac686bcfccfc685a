"""Whole multimodal releases that transformers builds otherwise, or not at all: as many parameters as their checkpoints."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

import pytest

from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Block, tensors
from llm_gallery.families import describe
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
