"""Parakeet's encoder, a FastConformer: half an MLP, attention by distance, a convolution over the frames, the other half.

Reference: transformers/models/parakeet/modeling_parakeet.py
Paper: https://arxiv.org/abs/2305.05084 (FastConformer)
"""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import group, layer, layer_norm, linear, stack
from llm_gallery.families._config import Depth, Size, config, multiple
from llm_gallery.families._vision import batch_norm, filters, four_maps


@config(
    "parakeet_encoder",
    unused=("hidden_act", "max_position_embeddings", "num_key_value_heads", "scale_input"),
)
class Parakeet:
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    attention_bias: bool
    convolution_bias: bool
    conv_kernel_size: Size
    num_mel_bins: Size
    subsampling_factor: Size
    subsampling_conv_channels: Size
    subsampling_conv_kernel_size: Size
    subsampling_conv_stride: Size


def parakeet(c: Parakeet, name: str) -> Block:
    """Each branch is normed before it, and the layer after all."""
    width = c.hidden_size
    decoder_layer = layer(
        layer_norm("norm_feed_forward1", width),
        half_mlp("feed_forward1", c),
        layer_norm("norm_self_att", width),
        attention(c),
        layer_norm("norm_conv", width),
        convolution(c),
        layer_norm("norm_feed_forward2", width),
        half_mlp("feed_forward2", c),
        layer_norm("norm_out", width),
    )
    inside = (
        group("subsampling", *subsampling(c)),
        stack("layers", [decoder_layer] * c.num_hidden_layers),
    )
    return Block("audio_tower", name, inside=inside)


def subsampling(c: Parakeet) -> Iterator[Block]:
    """Convolutions that each leave every second frame and bin: the first over all, then channel by channel and across."""
    channels, side = c.subsampling_conv_channels, c.subsampling_conv_kernel_size
    halvings = int(c.subsampling_factor).bit_length() - 1
    yield filters("layers.0", channels, 1, side, side)
    for index in range(2, 3 * halvings - 1, 3):  # an activation has a number too
        yield filters(f"layers.{index}", channels, 1, side, side)
        yield filters(f"layers.{index + 1}", channels, channels, 1, 1)
    left = c.num_mel_bins // c.subsampling_conv_stride**halvings
    yield linear("linear", channels * left, c.hidden_size, bias=True)


def half_mlp(name: str, c: Parakeet) -> Block:
    """Two matrices, half of whose output is added."""
    return group(
        name,
        linear("linear1", c.hidden_size, c.intermediate_size, bias=c.attention_bias),
        linear("linear2", c.intermediate_size, c.hidden_size, bias=c.attention_bias),
    )


def attention(c: Parakeet) -> Block:
    """A map of distances beside the keys', and two vectors a head that are added to its queries."""
    width, heads = int(c.hidden_size), int(c.num_attention_heads)
    dim = multiple(width, heads, ("audio_config.hidden_size", "audio_config.num_attention_heads"))
    added = (Tensor(f"bias_{letter}", (heads, int(dim))) for letter in ("u", "v"))
    inside = (
        *four_maps(width, bias=c.attention_bias, output="o_proj"),
        linear("relative_k_proj", width, width),
    )
    return Block("attention", "self_attn", tensors=tuple(added), inside=inside)


def convolution(c: Parakeet) -> Block:
    """A gated map, each channel over its own frames, a norm by what training saw on average, and a map back."""
    width, bias = int(c.hidden_size), c.convolution_bias
    return group(
        "conv",
        filters("pointwise_conv1", 2 * width, width, 1, bias=bias),
        filters("depthwise_conv", width, 1, c.conv_kernel_size, bias=bias),
        batch_norm("norm", width),
        filters("pointwise_conv2", width, width, 1, bias=bias),
    )
