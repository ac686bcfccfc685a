"""ERNIE 4.5 VL: a vision transformer whose patches turn in two dimensions, and a resampler that merges neighbours, then frames.

Reference: transformers/models/ernie4_5_vl_moe/modular_ernie4_5_vl_moe.py
Report: https://ernie.baidu.com/blog/publication/ERNIE_Technical_Report.pdf
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import group, layer_norm, linear, rms_norm
from llm_gallery.families._config import Depth, Size, config, multiple
from llm_gallery.families._vision import encoder, encoder_layer, tower


@config("ernie4_5_vl_moe_vision", unused=("rope_parameters",))
class Ernie45Vision:
    depth: Depth
    hidden_size: Size
    hidden_act: str
    intermediate_size: Size
    num_heads: Size
    in_channels: Size
    patch_size: Size
    spatial_merge_size: Size
    temporal_merge_size: Size


@config("ernie4_5_vl_moe")
class Ernie45Vl:
    vision_config: Ernie45Vision


def ernie4_5_vl_moe(c: Ernie45Vl, stream: int) -> tuple[Block, ...]:
    vision = c.vision_config
    return tower("model.vision_model", _tower(vision)), _resampler(vision, stream)


def _tower(c: Ernie45Vision) -> tuple[Block, ...]:
    """Pixels of a patch as one row; layers with biases all over but for the patches' map."""
    width, patch = c.hidden_size, c.in_channels * c.patch_size**2
    multiple(width, c.num_heads, ("vision_config.hidden_size", "vision_config.num_heads"))
    block = encoder_layer(
        width,
        c.intermediate_size,
        norms=("norm1", "norm2"),
        output="proj",
        activation=c.hidden_act,
        attention="attn",
        joined="qkv",
    )
    return (
        linear("patch_embed.proj", patch, width),
        encoder("", block, c.depth, "blocks"),
        layer_norm("ln", width),
    )


def _resampler(c: Ernie45Vision, stream: int) -> Block:
    """Neighbours side by side through one MLP, frames of those through another, and a map to the stream."""
    wide = c.hidden_size * c.spatial_merge_size**2
    inside = (
        _merging("spatial_linear", wide, wide),
        _merging("temporal_linear", wide * c.temporal_merge_size, wide),
        linear("mlp", wide, stream, bias=True),
        rms_norm("after_norm", stream),
    )
    return Block("projector", "model.resampler_model", inside=inside)


def _merging(name: str, inputs: int, outputs: int) -> Block:
    return group(
        name,
        linear("0", inputs, outputs, bias=True),
        linear("2", outputs, outputs, bias=True),
        layer_norm("3", outputs),
    )
