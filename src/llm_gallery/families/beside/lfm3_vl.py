"""LFM3-VL: a tower of short convolutions and attention, as the language model's, and two maps of joined patches.

Reference: transformers/models/lfm3_vl/modeling_lfm3_vl.py
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import (
    gated_mlp,
    group,
    layer,
    layer_norm,
    linear,
    rms_norm,
    stack,
)
from llm_gallery.families._config import Depth, Size, config, multiple, per_layer
from llm_gallery.families._layers import each
from llm_gallery.families._vision import four_maps, tensor_block, tower

CONVOLVES = "conv"


@config("lfm3_vl_vision", unused=("rope_parameters", "rope_theta"))
class Lfm3Vision:
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    num_key_value_heads: Size
    in_channels: Size
    patch_size: Size
    temporal_patch_size: Size
    spatial_merge_size: Size
    conv_kernel_size: Size
    layer_types: tuple[str, ...] | None


@config("lfm3_vl", unused=("projector_hidden_act",))
class Lfm3Vl:
    vision_config: Lfm3Vision
    projector_hidden_size: Size
    projector_bias: bool


def lfm3_vl(c: Lfm3Vl, stream: int) -> tuple[Block, ...]:
    """Patches are normed before they are joined."""
    vision, inner = c.vision_config, c.projector_hidden_size
    joined = vision.hidden_size * vision.spatial_merge_size**2
    inside = (
        layer_norm("layer_norm", vision.hidden_size),
        linear("linear_1", joined, inner, bias=c.projector_bias),
        linear("linear_2", inner, stream, bias=c.projector_bias),
    )
    return lfm3_vision(vision), Block("projector", "model.multi_modal_projector", inside=inside)


def lfm3_vision(c: Lfm3Vision) -> Block:
    """A linear map of the pixels of a patch, and layers of two kinds."""
    width = int(c.hidden_size)
    pixels = c.in_channels * c.temporal_patch_size * c.patch_size**2
    types = per_layer(c.layer_types, c.num_hidden_layers, "vision_config.layer_types") or [
        CONVOLVES if i < 2 or i % 2 else "full_attention" for i in range(c.num_hidden_layers)
    ]
    layers = each([kind == CONVOLVES for kind in types], lambda convolves: one_layer(c, convolves))
    return tower(
        "model.vision_tower",
        (
            linear("patchifier", pixels, width),
            rms_norm("embedding_norm", width),
            Block("group", "", inside=(stack("layers", layers),)),
        ),
    )


def one_layer(c: Lfm3Vision, convolves: bool) -> Block:
    """A convolution over neighbouring patches or attention to all, and a gated MLP."""
    width = int(c.hidden_size)
    mlp = gated_mlp(
        "feed_forward",
        width=width,
        inner=c.intermediate_size,
        activation="silu",
        names=("w1", "w3", "w2"),
    )
    return layer(
        rms_norm("operator_norm", width),
        convolution(c, width) if convolves else attention(c, width),
        rms_norm("ffn_norm", width),
        mlp,
    )


def convolution(c: Lfm3Vision, width: int) -> Block:
    """Each channel by itself, over `conv_kernel_size` patches each way, between two gates."""
    side = int(c.conv_kernel_size)
    return group(
        "conv",
        linear("in_proj", width, 3 * width),
        tensor_block("spatial_conv", Tensor("weight", (width, 1, side, side))),
        linear("out_proj", width, width),
    )


def attention(c: Lfm3Vision, width: int) -> Block:
    """Heads share keys, and q and k are normed."""
    dim = multiple(width, c.num_attention_heads, ("hidden_size", "num_attention_heads"))
    multiple(
        c.num_attention_heads, c.num_key_value_heads, ("num_attention_heads", "num_key_value_heads")
    )
    shared = c.num_key_value_heads * dim
    maps = four_maps(width, width, shared, bias=False)
    norms = (rms_norm("q_layernorm", dim), rms_norm("k_layernorm", dim))
    return Block("attention", "self_attn", inside=(*maps, *norms))
