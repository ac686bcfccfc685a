"""GLM-4V's vision tower: patches over two frames, RMSNorm, a gated MLP, and a convolution that merges neighbours.

Reference: transformers/models/glm4v/modeling_glm4v.py, glm_ocr/modeling_glm_ocr.py
Paper: https://arxiv.org/abs/2507.01006
"""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    gated_mlp,
    group,
    layer,
    layer_norm,
    learned_positions,
    linear,
    rms_norm,
)
from llm_gallery.families._config import Depth, Size, config, multiple
from llm_gallery.families._vision import checked_tower, encoder, filters, tower


@config("glm_ocr_vision", unused=("image_size", "rope_parameters"))
class GlmOcrVision:
    depth: Depth
    hidden_size: Size
    intermediate_size: Size
    out_hidden_size: Size
    hidden_act: str
    attention_bias: bool
    num_heads: Size
    in_channels: Size
    patch_size: Size
    temporal_patch_size: Size
    spatial_merge_size: Size


@config("glm4v_vision")
class GlmVision(GlmOcrVision):
    image_size: Size


@config("glm4v_moe_vision")
class GlmMoeVision(GlmVision):
    pass


def glm_vision(c: GlmVision) -> Block:
    """Positions are learned; the MLPs in the layers are as wide as the stream, the merger's as the config's MLP."""
    width = c.hidden_size
    checked_tower(width, c.num_heads, c.patch_size, c.image_size, heads_key="num_heads")
    attention = (
        linear("qkv", width, 3 * width, bias=c.attention_bias),
        linear("proj", width, width),
    )
    positions = (c.image_size // c.patch_size) ** 2
    inside = (
        patches(c),
        rms_norm("post_conv_layernorm", width),
        learned_positions("embeddings.position_embedding", positions, width),
        *layers(c, attention, inner=c.out_hidden_size, bias=False),
        merger(c, c.intermediate_size),
    )
    return tower("model.visual", inside)


def glm_ocr_vision(c: GlmOcrVision) -> Block:
    """Rotated alone, with norms on queries and keys; the merger's MLP is a channel of colour times wider than the stream."""
    width = c.hidden_size
    names = ("vision_config.hidden_size", "vision_config.num_heads")
    dim = multiple(width, c.num_heads, names)
    attention = (
        linear("qkv", width, 3 * width, bias=c.attention_bias),
        rms_norm("q_norm", dim),
        rms_norm("k_norm", dim),
        linear("proj", width, width, bias=c.attention_bias),
    )
    inside = (
        patches(c),
        *layers(c, attention, inner=c.intermediate_size, bias=c.attention_bias),
        merger(c, c.out_hidden_size * c.in_channels),
    )
    return tower("model.visual", inside)


def patches(c: GlmOcrVision) -> Block:
    """Patches over several frames."""
    kernel = (c.temporal_patch_size, c.patch_size, c.patch_size)
    return filters("patch_embed.proj", c.hidden_size, c.in_channels, *kernel)


def layers(
    c: GlmOcrVision, attention: Sequence[Block], *, inner: int, bias: bool
) -> tuple[Block, ...]:
    """The layers, the norm after them, and the convolution that makes one row of neighbouring patches."""
    width, side = c.hidden_size, c.spatial_merge_size
    encoder_layer = layer(
        rms_norm("norm1", width),
        group("attn", *attention),
        rms_norm("norm2", width),
        gated_mlp("mlp", width=width, inner=inner, activation=c.hidden_act, bias=bias),
    )
    return (
        encoder("", encoder_layer, c.depth, "blocks"),
        rms_norm("post_layernorm", width),
        filters("downsample", c.out_hidden_size, width, side, side),
    )


def merger(c: GlmOcrVision, inner: int) -> Block:
    """A linear map, a norm and a gated MLP, all at the stream's width."""
    width = c.out_hidden_size
    mlp = gated_mlp("", width=width, inner=inner, activation=c.hidden_act)
    norm = layer_norm("post_projection_norm", width)
    return group("merger", linear("proj", width, width), norm, mlp)
