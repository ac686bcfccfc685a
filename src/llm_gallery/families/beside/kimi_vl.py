"""Kimi-VL: MoonViT, and two linear maps from neighbouring patches to the stream's width.

Its code is the releases' own; the tower is Kimi K2.5's, as transformers has it, and the names are those that vLLM reads.

Reference: vllm/model_executor/models/kimi_vl.py
Paper: https://arxiv.org/abs/2504.07491
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import layer_norm, linear
from llm_gallery.families._config import config, exactly
from llm_gallery.families.beside._moonvit import KimiVlVision, moonvit


@config("kimi_vl", unused=("media_placeholder_token_id",))
class KimiVl:
    vision_config: KimiVlVision


def kimi_vl(c: KimiVl, stream: int) -> tuple[Block, ...]:
    vision = c.vision_config
    height, across = exactly(vision.merge_kernel_size, 2, "vision_config.merge_kernel_size")
    wide = vision.hidden_size * height * across
    joined = (
        layer_norm("pre_norm", vision.hidden_size),
        linear("linear_1", wide, wide, bias=True),
        linear("linear_2", wide, stream, bias=True),
    )
    return (
        moonvit(vision, vision.init_pos_emb_height, vision.init_pos_emb_width, "gelu_pytorch_tanh"),
        Block("projector", "multi_modal_projector", inside=joined),
    )
