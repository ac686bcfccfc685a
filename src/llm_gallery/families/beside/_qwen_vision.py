"""Qwen2-VL's vision towers: patches over two frames, rotated in two dimensions, and a merger of neighbouring patches.

Reference: transformers/models/qwen2_vl/modeling_qwen2_vl.py, qwen2_5_vl/modeling_qwen2_5_vl.py
Paper: https://arxiv.org/abs/2409.12191, https://arxiv.org/abs/2502.13923
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    gated_mlp,
    group,
    layer,
    layer_norm,
    linear,
    plain_mlp,
    rms_norm,
)
from llm_gallery.families._config import Depth, Size, config
from llm_gallery.families._vision import encoder, filters, tower

UNUSED = ("in_chans", "num_heads", "rope_parameters", "spatial_patch_size")
"""Keys of all of them: how many heads share the width says nothing of what is stored."""
WINDOWS = ("fullatt_block_indexes", "tokens_per_second", "window_size")


@config("qwen2_vl_vision", unused=UNUSED)
class Qwen2Vision:
    depth: Depth
    embed_dim: Size
    hidden_size: Size
    hidden_act: str
    mlp_ratio: Size
    in_channels: Size
    patch_size: Size
    temporal_patch_size: Size
    spatial_merge_size: Size


@config("qwen2_5_vl_vision", unused=(*UNUSED, *WINDOWS))
class Qwen25Vision:
    depth: Depth
    hidden_size: Size
    intermediate_size: Size
    hidden_act: str
    in_channels: Size
    patch_size: Size
    temporal_patch_size: Size
    spatial_merge_size: Size
    out_hidden_size: Size


def qwen2_vision(c: Qwen2Vision, name: str) -> Block:
    """LayerNorm and a two-matrix MLP; `hidden_size` is the width of what the merger gives."""
    width = c.embed_dim
    mlp = plain_mlp(
        "mlp",
        width=width,
        inner=width * c.mlp_ratio,
        activation=c.hidden_act,
        names=("fc1", "fc2"),
        bias=True,
    )
    encoder_layer = layer(
        layer_norm("norm1", width),
        group("attn", *fused_attention(width, width)),
        layer_norm("norm2", width),
        mlp,
    )
    inside = (
        patches(c, width),
        encoder("", encoder_layer, c.depth, "blocks"),
        merger(layer_norm("ln_q", width), width * c.spatial_merge_size**2, c.hidden_size),
    )
    return tower(name, inside)


def qwen2_5_vision(c: Qwen25Vision, name: str, attention: tuple[Block, ...] = ()) -> Block:
    """RMSNorm and a gated MLP, biases all over; most layers attend within windows."""
    width = c.hidden_size
    mlp = gated_mlp(
        "mlp", width=width, inner=c.intermediate_size, activation=c.hidden_act, bias=True
    )
    encoder_layer = layer(
        rms_norm("norm1", width),
        group("attn", *(attention or fused_attention(width, width))),
        rms_norm("norm2", width),
        mlp,
    )
    inside = (
        patches(c, width),
        encoder("", encoder_layer, c.depth, "blocks"),
        merger(rms_norm("ln_q", width), width * c.spatial_merge_size**2, c.out_hidden_size),
    )
    return tower(name, inside)


def fused_attention(width: int, keys: int) -> tuple[Block, Block]:
    """Queries, keys and values in one matrix; keys and values of that width."""
    return (
        linear("qkv", width, width + 2 * keys, bias=True),
        linear("proj", width, width, bias=True),
    )


def patches(c: Qwen2Vision | Qwen25Vision, width: int) -> Block:
    """Patches over several frames, without a bias."""
    kernel = (c.temporal_patch_size, c.patch_size, c.patch_size)
    return filters("patch_embed.proj", width, c.in_channels, *kernel, bias=False)


def merger(norm: Block, wide: int, stream: int) -> Block:
    """Neighbouring patches as one row, and two linear maps to the stream's width."""
    maps = (linear("mlp.0", wide, wide, bias=True), linear("mlp.2", wide, stream, bias=True))
    return group("merger", norm, *maps)
