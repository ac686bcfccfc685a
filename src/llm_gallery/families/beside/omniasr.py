"""Omnilingual ASR: wav2vec 2.0's encoder over the samples themselves, and a linear map to the stream's width.

Reference: transformers/models/omniasr/modular_omniasr.py
Paper: https://arxiv.org/abs/2511.09690, https://arxiv.org/abs/2006.11477 (wav2vec 2.0)
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import group, layer, layer_norm, linear, plain_mlp, stack
from llm_gallery.families._config import Depth, Size, config, exactly, multiple
from llm_gallery.families._vision import filters, four_maps
from llm_gallery.families.beside._whisper import checked


@config("omniasr_audio", unused=("conv_stride", "layerdrop"))
class OmniAsrEncoder:
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    hidden_act: str
    conv_dim: tuple[Size, ...]
    conv_kernel: tuple[Size, ...]
    conv_bias: bool
    num_conv_pos_embeddings: Size
    num_conv_pos_embedding_groups: Size


@config("omniasr")
class OmniAsr:
    audio_config: OmniAsrEncoder


def omniasr(c: OmniAsr, stream: int) -> tuple[Block, ...]:
    joined = linear("", c.audio_config.hidden_size, stream, bias=True)
    return (
        encoder(c.audio_config),
        Block("projector", "model.multi_modal_projector", inside=(joined,)),
    )


def encoder(c: OmniAsrEncoder) -> Block:
    """Positions are a convolution over many frames, in groups of channels."""
    width = c.hidden_size
    checked(width, c.num_attention_heads, ("hidden_size", "num_attention_heads"))
    names = ("audio_config.hidden_size", "audio_config.num_conv_pos_embedding_groups")
    of_group = multiple(width, c.num_conv_pos_embedding_groups, names)
    mlp = plain_mlp(
        "feed_forward",
        width=width,
        inner=c.intermediate_size,
        activation=c.hidden_act,
        names=("intermediate_dense", "output_dense"),
        bias=True,
    )
    decoder_layer = layer(
        layer_norm("layer_norm", width),
        group("attention", *four_maps(width)),
        layer_norm("final_layer_norm", width),
        mlp,
    )
    inside = (
        group("subsampling", *subsampling(c)),
        filters("encode_positions.conv", width, of_group, c.num_conv_pos_embeddings),
        stack("layers", [decoder_layer] * c.num_hidden_layers),
        layer_norm("layer_norm", width),
    )
    return Block("audio_tower", "model.audio_tower", inside=inside)


def subsampling(c: OmniAsrEncoder) -> Iterator[Block]:
    """Convolutions one after another, the first over one channel of samples, each with a norm."""
    exactly(c.conv_kernel, len(c.conv_dim), "audio_config.conv_kernel")
    for index, (before, after) in enumerate(pairwise((1, *c.conv_dim))):
        yield group(
            f"conv_layers.{index}",
            filters("conv", after, before, c.conv_kernel[index], bias=c.conv_bias),
            layer_norm("layer_norm", after),
        )
    yield layer_norm("layer_norm", c.conv_dim[-1])
    yield linear("projection", c.conv_dim[-1], c.hidden_size, bias=True)
