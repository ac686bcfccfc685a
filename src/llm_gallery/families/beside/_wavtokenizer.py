"""WavTokenizer's encoder: convolutions over samples that widen as they halve, an LSTM, and one codebook.

Reference: transformers/models/wavtokenizer/modeling_wavtokenizer.py
Paper: https://arxiv.org/abs/2408.16532
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import group
from llm_gallery.families._config import Few, Pieces, Size, config, same
from llm_gallery.families._vision import filters, group_norm, tensor_block

OF_THE_DECODER = (
    "adanorm_num_embeddings", "decoder_attention_num_groups", "decoder_hidden_size", "decoder_intermediate_size",
    "decoder_num_layers", "dilation_growth_rate", "norm_eps", "pad_mode", "sampling_rate", "use_causal_conv",
)  # fmt: skip
"""Keys that the encoder stores nothing for."""


@config("wavtokenizer_encoder", unused=OF_THE_DECODER)
class WavTokenizer:
    audio_channels: Size
    num_filters: Size
    upsampling_ratios: tuple[Size, ...]
    num_residual_layers: Few
    compress: Size
    use_conv_shortcut: bool
    norm_type: Literal["weight_norm", "time_group_norm"]
    kernel_size: Size
    last_kernel_size: Size
    residual_kernel_size: Size
    num_lstm_layers: Pieces
    hidden_size: Size
    codebook_size: Size
    codebook_dim: Size


def wavtokenizer(c: WavTokenizer, name: str) -> Block:
    """The encoder, and the codebook with the averages that it was learned by."""
    same(c.codebook_dim, c.hidden_size, ("audio_config.codebook_dim", "audio_config.hidden_size"))
    rows, width = int(c.codebook_size), int(c.codebook_dim)
    codes = tensor_block(
        "quantizer.codebook",
        Tensor("inited", (1,)),
        Tensor("cluster_size", (rows,)),
        Tensor("embed", (rows, width)),
        Tensor("embed_avg", (rows, width)),
    )
    numbered = enumerate(layers(c))
    inside = [group(f"layers.{i}", part) for i, part in numbered if part is not None]
    return Block("audio_tower", name, inside=(group("encoder", *inside), codes))


def layers(c: WavTokenizer) -> Iterator[Block | None]:
    """In order; an activation has a number and stores nothing."""
    width = c.num_filters
    yield convolution(c, width, c.audio_channels, c.kernel_size)
    for ratio in reversed(c.upsampling_ratios):
        for _ in range(c.num_residual_layers):
            yield resnet(c, width)
        yield None
        yield convolution(c, 2 * width, width, 2 * ratio)
        width = 2 * width
    yield lstm(int(width), c.num_lstm_layers)
    yield None
    yield convolution(c, c.hidden_size, width, c.last_kernel_size)


def convolution(c: WavTokenizer, outputs: int, inputs: int, taps: int) -> Block:
    """Filters stored as lengths and directions, or as they are and normed after."""
    if c.norm_type == "time_group_norm":
        return group("", filters("conv", outputs, inputs, taps), group_norm("norm", outputs))
    conv = filters("conv", outputs, inputs, taps)
    weight, bias = conv.tensors
    lengths = Tensor("parametrizations.weight.original0", (int(outputs), 1, 1))
    directions = Tensor("parametrizations.weight.original1", weight.shape)
    return tensor_block("conv", lengths, directions, bias)


def resnet(c: WavTokenizer, width: int) -> Block:
    """Two convolutions, the first of which narrows, and one beside them where the config says so."""
    inner = width // c.compress
    beside = [group("shortcut", convolution(c, width, width, 1))] if c.use_conv_shortcut else []
    return group(
        "",
        group("block.1", convolution(c, inner, width, c.residual_kernel_size)),
        group("block.3", convolution(c, width, inner, 1)),
        *beside,
    )


def lstm(width: int, count: int) -> Block:
    """Four gates of what comes in and of what was kept, in so many layers."""
    gates = 4 * width
    stored = (
        tensor
        for i in range(count)
        for tensor in (
            Tensor(f"weight_ih_l{i}", (gates, width)),
            Tensor(f"weight_hh_l{i}", (gates, width)),
            Tensor(f"bias_ih_l{i}", (gates,)),
            Tensor(f"bias_hh_l{i}", (gates,)),
        )
    )
    return tensor_block("lstm", *stored)
