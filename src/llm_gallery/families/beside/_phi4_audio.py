"""Phi-4's conformer: half a gated MLP, attention, a gated convolution, the other half; convolutions before all.

Reference: transformers/models/phi4_multimodal/modeling_phi4_multimodal.py
Paper: https://arxiv.org/abs/2503.01743
"""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import (
    gated_mlp,
    group,
    layer,
    layer_norm,
    linear,
    stack,
)
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import Depth, Size, config
from llm_gallery.families._vision import filters, four_maps, tensor_block


@config(
    "phi4_multimodal_audio",
    unused=("chunk_size", "conv_activation", "conv_glu_type", "feature_layer", "left_chunk", "nemo_activation", "nemo_final_size"),
)  # fmt: skip
class Phi4Audio:
    hidden_size: Size
    intermediate_size: Size
    num_blocks: Depth
    num_attention_heads: Size
    head_dim: Size | None = None
    activation: str
    ext_pw_out_channel: Size
    depthwise_separable_out_channel: Size
    depthwise_multiplier: Size
    kernel_size: Size
    input_size: Size
    time_reduction: Size
    nemo_conv_channels: Size
    bias_max_distance: Size
    bias_symmetric: bool
    downsample_rate: Size


def phi4_audio(c: Phi4Audio, name: str) -> Block:
    """A bias for each distance between frames; the mean and deviation that sounds are normed by are stored."""
    width, heads = c.hidden_size, c.num_attention_heads
    distances = c.bias_max_distance * (1 if c.bias_symmetric else 2)
    normed = (Tensor(f"global_{kind}", (int(c.input_size),)) for kind in ("mean", "invstd"))
    decoder_layer = layer(
        half_mlp("feed_forward_in", c),
        layer_norm("layer_norm_att", width),
        attention(c),
        convolution(c),
        half_mlp("feed_forward_out", c),
        layer_norm("layer_norm", width),
    )
    inside = (
        tensor_block("encoder_embedding", *normed),
        group("embed", *subsampling(c)),
        tensor_block(
            "relative_attention_bias_layer.bias_values",
            Tensor("weight", (int(distances), int(heads))),
        ),
        stack("encoders", [decoder_layer] * c.num_blocks),
    )
    return Block("audio_tower", name, inside=inside)


def subsampling(c: Phi4Audio) -> Iterator[Block]:
    """Convolutions that each halve the frames and the bins; all but the first channel by channel, then across."""
    if c.time_reduction % 2:
        raise Refusal(
            f"audio_config.time_reduction is {c.time_reduction}, expected an even number; "
            "correct it in the config"
        )
    channels, left = c.nemo_conv_channels, c.input_size
    halvings = int(c.time_reduction).bit_length() - 1
    yield filters("conv.0", channels, 1, 3, 3)
    for index in range(2, 3 * halvings - 1, 3):  # an activation has a number too
        yield filters(f"conv.{index}", channels, 1, 3, 3)
        yield filters(f"conv.{index + 1}", channels, channels, 1, 1)
    for _ in range(halvings):
        left = (left + 1) // 2
    yield linear("out", channels * left, c.hidden_size, bias=True)


def half_mlp(name: str, c: Phi4Audio) -> Block:
    """Gate and up in one matrix, half of what comes out added."""
    mlp = gated_mlp(
        "",
        width=c.hidden_size,
        inner=c.intermediate_size,
        activation=c.activation,
        bias=True,
        fused=True,
    )
    return group(name, layer_norm("layer_norm", c.hidden_size), mlp)


def attention(c: Phi4Audio) -> Block:
    """As many keys as queries, all with biases."""
    width, heads = c.hidden_size, c.num_attention_heads
    inner = heads * (c.head_dim or width // heads)  # as the reference rounds
    return group("self_attn", *four_maps(width, inner, output="o_proj"))


def convolution(c: Phi4Audio) -> Block:
    """A gated linear map, each channel over a few frames, and two linear maps."""
    width, outer = c.hidden_size, c.ext_pw_out_channel
    wide = width * c.depthwise_multiplier
    shifts = (Tensor(name, (1, int(outer), 1)) for name in ("b1", "b2"))
    return group(
        "conv",
        layer_norm("layer_norm", width),
        tensor_block("glu", *shifts),
        filters("glu.ext_pw_conv_1d", 2 * outer, width, 1),
        filters("dw_sep_conv_1d.dw_conv", wide, 1, c.kernel_size),
        filters("dw_sep_conv_1d.pw_conv", c.depthwise_separable_out_channel, wide, 1),
        filters("ext_pw_conv_1d", outer, width, 1),
    )
