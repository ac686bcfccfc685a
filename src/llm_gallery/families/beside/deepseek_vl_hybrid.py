"""DeepSeek-VL of two towers: SigLIP for small pictures, SAM for large ones, each half of what the language model reads.

Reference: transformers/models/deepseek_vl_hybrid/modeling_deepseek_vl_hybrid.py
Paper: https://arxiv.org/abs/2403.05525
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import linear
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import config
from llm_gallery.families._vision import tensor_block
from llm_gallery.families.beside._parts import AnyVision, any_vision
from llm_gallery.families.beside._sam import SamVision, convolution, neck, sam


@config("deepseek_vl_hybrid")
class DeepseekVlHybrid:
    vision_config: AnyVision
    high_res_vision_config: SamVision


def deepseek_vl_hybrid(c: DeepseekVlHybrid, stream: int) -> tuple[Block, ...]:
    """A second neck reads SAM's first layer over the whole picture; a learned number weighs what it gives."""
    if not c.high_res_vision_config.global_attn_indexes:
        raise Refusal(
            "high_res_vision_config.global_attn_indexes is empty, expected a layer: the second neck reads the "
            "first of them; correct it in the config"
        )
    large, half = c.high_res_vision_config, stream // 2
    channels = large.output_channels
    halved = (
        convolution("conv1", channels, 2 * channels, 3),
        convolution("conv2", 2 * channels, 4 * channels, 3),
    )
    aligner = (
        linear("vision_proj", c.vision_config.hidden_size, half, bias=True),
        linear("high_res_vision_proj", 4 * channels, half, bias=True),
        linear("proj", stream, stream, bias=True),
    )
    joined = (
        tensor_block("", Tensor("high_res_vision_alpha", (1,))),
        neck(large, "high_res_vision_neck"),
        Block("group", "high_res_vision_proj", inside=halved),
        Block("group", "aligner", inside=aligner),
    )
    return (
        any_vision(c.vision_config, "model.vision_model"),
        sam(large, "model.high_res_vision_model", "vision_encoder"),
        Block("projector", "model", inside=joined),
    )
