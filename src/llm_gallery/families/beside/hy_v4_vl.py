"""Hy4 VL: a vision transformer over patches, and two convolutions that merge neighbours and bring them to the stream.

Reference: transformers/models/hy_v4_vl/modular_hy_v4_vl.py
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import group, learned_positions, rms_norm
from llm_gallery.families._config import Depth, Size, config, same
from llm_gallery.families._vision import (
    checked_tower,
    encoder,
    filters,
    four_maps,
    pre_norm,
    tensor_block,
    tower,
)


@config("hy_v4_vl_vision", unused=("interpolate_mode", "num_key_value_heads"))
class HyVision:
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    num_channels: Size
    out_hidden_size: Size
    patch_size: Size
    spatial_merge_size: Size
    max_image_size: Size
    hidden_act: str


@config("hy_v4_vl")
class HyV4Vl:
    vision_config: HyVision


def hy_v4_vl(c: HyV4Vl, stream: int) -> tuple[Block, ...]:
    """A place is stored for a class token that no picture has; the projector stands inside the tower."""
    vision = c.vision_config
    same(vision.out_hidden_size, stream, ("vision_config.out_hidden_size", "hidden_size"))
    width, side = vision.hidden_size, vision.patch_size
    checked_tower(width, vision.num_attention_heads, side, vision.max_image_size)
    places = (vision.max_image_size // side) ** 2 + 1
    attention = group("self_attn", *four_maps(width, output="o_proj"))
    encoder_layer = pre_norm(
        attention,
        width,
        vision.intermediate_size,
        activation=vision.hidden_act,
        maps=("dense_h_to_4h", "dense_4h_to_h"),
    )
    inside = (
        filters("embeddings.patch_embedding", width, vision.num_channels, side, side),
        learned_positions("embeddings.position_embedding", places, width),
        encoder("", encoder_layer, vision.num_hidden_layers),
        _merger(vision, stream),
    )
    return (tower("vit", inside),)


def _merger(c: HyVision, stream: int) -> Block:
    """A norm, neighbours merged, a map of each, and a vector that ends a row."""
    width, side = c.hidden_size, c.spatial_merge_size
    wide = width * side**2
    return group(
        "perceive",
        rms_norm("norm", width),
        filters("proj.0", wide, width, side, side),
        filters("proj.2", stream, wide, 1, 1),
        tensor_block("", Tensor("image_newline", (int(stream),))),
    )
