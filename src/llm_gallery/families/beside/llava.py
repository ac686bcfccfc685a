"""LLaVA: CLIP, SigLIP or Pixtral, and two linear maps to the language model's stream.

Reference: transformers/models/llava/modeling_llava.py
Paper: https://arxiv.org/abs/2304.08485
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.beside._parts import (
    OF_THE_PICTURES,
    AnyVision,
    any_vision,
    features,
    two_linear,
)


@config("llava", unused=OF_THE_PICTURES)
class Llava:
    vision_config: AnyVision
    vision_feature_layer: int | tuple[int, ...]
    multimodal_projector_bias: bool


def llava(c: Llava, stream: int) -> tuple[Block, ...]:
    """The tower, and the projector."""
    return any_vision(c.vision_config, "vision_tower"), projector(c, stream)


def projector(c: Llava, stream: int) -> Block:
    """The projector, which reads the outputs of as many layers as the config names."""
    read = c.vision_config.hidden_size * features(c.vision_feature_layer)
    return two_linear(read, stream, bias=c.multimodal_projector_bias)
