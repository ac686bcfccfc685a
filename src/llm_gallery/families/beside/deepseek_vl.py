"""DeepSeek-VL: a tower, and two linear maps.

Reference: transformers/models/deepseek_vl/modeling_deepseek_vl.py
Paper: https://arxiv.org/abs/2403.05525
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import linear
from llm_gallery.families._config import config
from llm_gallery.families.beside._parts import AnyVision, any_vision


@config("deepseek_vl")
class DeepseekVl:
    vision_config: AnyVision


def deepseek_vl(c: DeepseekVl, stream: int) -> tuple[Block, ...]:
    """The tower, and the maps."""
    inside = (
        linear("linear1", c.vision_config.hidden_size, stream, bias=True),
        linear("linear2", stream, stream, bias=True),
    )
    return (
        any_vision(c.vision_config, "model.vision_model"),
        Block("projector", "model.aligner", inside=inside),
    )
