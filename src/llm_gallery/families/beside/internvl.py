"""InternVL: InternViT, and neighbouring patches joined, normed and mapped twice into the language model's stream.

Reference: transformers/models/internvl/modeling_internvl.py
Paper: https://arxiv.org/abs/2312.14238
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import layer_norm
from llm_gallery.families._config import Ratio, config
from llm_gallery.families.beside._internvl import InternVlVision, internvl_vision
from llm_gallery.families.beside._parts import OF_THE_PICTURES, two_linear


@config("internvl", unused=(*OF_THE_PICTURES, "vision_feature_layer"))
class InternVl:
    vision_config: InternVlVision
    downsample_ratio: Ratio


def internvl(c: InternVl, stream: int) -> tuple[Block, ...]:
    """One layer is read, whatever list a config has."""
    read = joined(c.vision_config.hidden_size, c.downsample_ratio)
    return (
        internvl_vision(c.vision_config, "vision_tower"),
        two_linear(read, stream, bias=True, before=(layer_norm("layer_norm", read),)),
    )


def joined(width: int, ratio: float) -> int:
    """The channels of as many patches as the ratio makes one of, cut to a whole number of them."""
    return int(width) * int(1 / ratio) ** 2
