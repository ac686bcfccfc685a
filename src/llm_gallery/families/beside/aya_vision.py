"""Aya Vision: SigLIP, and neighbouring patches joined, normed and gated into the language model's stream.

Reference: transformers/models/aya_vision/modeling_aya_vision.py
Paper: https://arxiv.org/abs/2505.08751
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import layer_norm, linear
from llm_gallery.families._config import Size, config
from llm_gallery.families.beside._parts import AnyVision, any_vision

OF_THE_PICTURES = (
    "adapter_layer_norm_eps",
    "max_splits_per_img",
    "vision_feature_layer",
    "vision_feature_select_strategy",
)


@config("aya_vision", unused=OF_THE_PICTURES)
class AyaVision:
    vision_config: AnyVision
    downsample_factor: Size
    alignment_intermediate_size: Size | None = None


def aya_vision(c: AyaVision, stream: int) -> tuple[Block, ...]:
    """The gate is half of the first map; one layer is read, whatever list a config has."""
    joined = c.vision_config.hidden_size * c.downsample_factor**2
    inner = c.alignment_intermediate_size or stream
    inside = (
        layer_norm("layernorm", joined),
        linear("linear_1", joined, inner, bias=True),
        linear("linear_2", inner // 2, stream, bias=True),
    )
    return (
        any_vision(c.vision_config, "vision_tower"),
        Block("projector", "multi_modal_projector", inside=inside),
    )
