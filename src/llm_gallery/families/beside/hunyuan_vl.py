"""Hunyuan-VL: a vision transformer over patches, and what merges neighbours and marks where rows and pictures end.

Reference: transformers/models/hunyuan_vl/modular_hunyuan_vl.py
Paper: https://arxiv.org/abs/2511.19575
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import (
    group,
    learned_positions,
    linear,
    rms_norm,
)
from llm_gallery.families._config import Depth, Size, config
from llm_gallery.families._vision import (
    checked_tower,
    encoder,
    filters,
    four_maps,
    pre_norm,
    tensor_block,
    tower,
)


@config(
    "hunyuan_vl_vision",
    unused=(
        "img_max_token_num", "interpolate_mode", "max_vit_seq_len", "min_image_size", "num_key_value_heads",
        "out_hidden_size", "temporal_patch_size", "text_hidden_size",
    ),
)  # fmt: skip
class HunyuanVision:
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    head_dim: Size | None = None
    num_channels: Size
    max_image_size: Size
    patch_size: Size
    spatial_merge_size: Size
    hidden_act: str


@config("hunyuan_vl", unused=("im_end_id", "im_newline_id", "im_start_id"))
class HunyuanVl:
    vision_config: HunyuanVision


def hunyuan_vl(c: HunyuanVl, stream: int) -> tuple[Block, ...]:
    """The projector stands inside the tower, and is as wide as the stream whatever a key says."""
    vision = c.vision_config
    width, side = vision.hidden_size, vision.patch_size
    checked_tower(width, vision.num_attention_heads, side, vision.max_image_size)
    positions = (vision.max_image_size // side) ** 2 + 1
    inside = (
        filters("embeddings.patch_embedding", width, vision.num_channels, side, side),
        learned_positions("embeddings.position_embedding", positions, width),
        encoder("", encoder_layer(vision), vision.num_hidden_layers),
        merger(vision, stream),
    )
    return (tower("vit", inside),)


def encoder_layer(c: HunyuanVision) -> Block:
    """LayerNorm, attention and a two-matrix MLP, all with biases."""
    width = c.hidden_size
    inner = c.num_attention_heads * (c.head_dim or width // c.num_attention_heads)
    attention = group("self_attn", *four_maps(width, inner, output="o_proj"))
    maps = ("dense_h_to_4h", "dense_4h_to_h")
    return pre_norm(attention, width, c.intermediate_size, activation=c.hidden_act, maps=maps)


def merger(c: HunyuanVision, stream: int) -> Block:
    """Two convolutions that widen as they merge, a linear map, and vectors for the ends of rows and pictures."""
    width, side = c.hidden_size, c.spatial_merge_size
    ends = (Tensor(f"image_{name}", (int(stream),)) for name in ("begin", "end", "sep"))
    return group(
        "perceive",
        rms_norm("before_rms", width),
        filters("proj.0", 2 * width, width, side, side),
        filters("proj.2", 4 * width, 2 * width, 1, 1),
        tensor_block("", Tensor("image_newline", (4 * int(width),)), *ends),
        linear("mlp", 4 * width, stream, bias=True),
        rms_norm("after_rms", stream),
    )
