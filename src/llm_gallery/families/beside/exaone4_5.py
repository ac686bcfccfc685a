"""EXAONE 4.5: Qwen2.5-VL's vision tower, whose heads share keys and values in groups.

Reference: transformers/models/exaone4_5/modular_exaone4_5.py
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import Size, config, multiple
from llm_gallery.families.beside._qwen_vision import Qwen25Vision, fused_attention, qwen2_5_vision


@config("exaone4_5_vision")
class ExaoneVision(Qwen25Vision):
    num_heads: Size
    num_key_value_heads: Size


@config("exaone4_5")
class Exaone45:
    vision_config: ExaoneVision


def exaone4_5(c: Exaone45, stream: int) -> tuple[Block, ...]:
    vision = c.vision_config
    width, names = vision.hidden_size, ("vision_config.hidden_size", "vision_config.num_heads")
    keys = multiple(width, vision.num_heads, names) * vision.num_key_value_heads
    return (qwen2_5_vision(vision, "model.visual", fused_attention(width, keys)),)
