"""ViP-LLaVA: LLaVA's parts, whose projector norms the outputs of several layers first.

Reference: transformers/models/vipllava/modeling_vipllava.py
Paper: https://arxiv.org/abs/2312.00784
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import layer_norm
from llm_gallery.families._config import config
from llm_gallery.families.beside._parts import (
    OF_THE_PICTURES,
    AnyVision,
    any_vision,
    features,
    two_linear,
)


@config("vipllava", unused=OF_THE_PICTURES)
class VipLlava:
    vision_config: AnyVision
    vision_feature_layer: int | tuple[int, ...]


def vipllava(c: VipLlava, stream: int) -> tuple[Block, ...]:
    """The projector always has biases."""
    read = c.vision_config.hidden_size * features(c.vision_feature_layer)
    norm = layer_norm("projector_layernorm", read)
    return (
        any_vision(c.vision_config, "vision_tower"),
        two_linear(read, stream, bias=True, before=(norm,)),
    )
