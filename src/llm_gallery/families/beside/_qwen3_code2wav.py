"""Qwen3-Omni's code2wav: layers over the sum of a frame's codes, and convolutions that stretch frames to samples.

Reference: transformers/models/qwen3_omni_moe/modular_qwen3_omni_moe.py
Paper: https://arxiv.org/abs/2509.17765
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
    rms_norm,
    stack,
)
from llm_gallery.families._config import Depth, Pieces, Size, config, multiple, shared_among
from llm_gallery.families._vision import filters, four_maps, tensor_block, transposed_filters
from llm_gallery.families.beside._snake import snake

REACH = 7
"""Steps that a filter spans; no key says it."""
UNITS = 3
"""Pairs of convolutions after each stretch, of growing reach."""
WIDER = 4
"""How many times wider a ConvNeXt block is within."""


@config(
    "qwen3_omni_moe_code2wav",
    unused=(
        "layer_scale_initial_scale", "max_position_embeddings", "rope_parameters", "rope_scaling", "rope_theta",
        "sliding_window",
    ),
)  # fmt: skip
class Code2Wav:
    codebook_size: Size
    num_quantizers: Pieces
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    num_key_value_heads: Size
    attention_bias: bool
    hidden_act: str
    decoder_dim: Size
    upsample_rates: tuple[Size, ...]
    upsampling_ratios: tuple[Size, ...]
    head_dim: Size | None = None


def code2wav(c: Code2Wav, name: str) -> Block:
    """One table for all codes of a frame, the layers, frames stretched at their width, then ever narrower to one channel."""
    width = c.hidden_size
    rows = Tensor("weight", (int(c.codebook_size * c.num_quantizers), int(width)))
    stretched = (
        group(
            f"upsample.{i}",
            transposed_filters("0.conv", width, width, factor),
            group("1", *convnext(int(width))),
        )
        for i, factor in enumerate(c.upsampling_ratios)
    )
    inside = (
        tensor_block("code_embedding", rows),
        stack("pre_transformer.layers", [_layer(c)] * c.num_hidden_layers),
        rms_norm("pre_transformer.norm", width),
        *stretched,
        *(group(f"decoder.{i}", part) for i, part in enumerate(_decoder(c))),
    )
    return Block("speech_decoder", name, inside=inside)


def _layer(c: Code2Wav) -> Block:
    """What a branch gives is scaled, each channel by a number."""
    at = "code2wav_config"
    width, heads, keys = c.hidden_size, c.num_attention_heads, c.num_key_value_heads
    names = (f"{at}.hidden_size", f"{at}.num_attention_heads")
    multiple(heads, keys, (names[1], f"{at}.num_key_value_heads"))
    dim = shared_among(width, heads, names) if c.head_dim is None else c.head_dim
    maps = four_maps(width, heads * dim, keys * dim, output="o_proj", bias=c.attention_bias)
    scale = Tensor("scale", (int(width),))
    return layer(
        rms_norm("input_layernorm", width),
        group("self_attn", *maps),
        tensor_block("self_attn_layer_scale", scale),
        rms_norm("post_attention_layernorm", width),
        gated_mlp("mlp", width=width, inner=c.intermediate_size, activation=c.hidden_act),
        tensor_block("mlp_layer_scale", scale),
    )


def convnext(width: int) -> tuple[Block, ...]:
    """Each channel over its own steps, a norm, and two linear maps, what they give scaled."""
    return (
        filters("dwconv.conv", width, 1, REACH),
        layer_norm("norm", width),
        linear("pwconv1", width, WIDER * width, bias=True),
        linear("pwconv2", WIDER * width, width, bias=True),
        tensor_block("", Tensor("gamma", (width,))),
    )


def _decoder(c: Code2Wav) -> Iterator[Block]:
    """In order: wide filters, stretches that halve the width, an activation, and one filter for the samples."""
    width, steps = int(c.decoder_dim), len(c.upsample_rates)
    last = multiple(width, 2**steps, ("code2wav_config.decoder_dim", "2 ** upsample_rates"))
    yield filters("conv", width, c.hidden_size, REACH)
    for rate in c.upsample_rates:
        half = width // 2
        yield group(
            "",
            snake("block.0", width),
            transposed_filters("block.1.conv", width, half, 2 * rate),
            *(group(f"block.{2 + i}", *_unit(half)) for i in range(UNITS)),
        )
        width = half
    yield snake("", last)
    yield filters("conv", 1, last, REACH)


def _unit(width: int) -> tuple[Block, ...]:
    """A filter that reaches far, and one that mixes channels, each after an activation."""
    return (
        snake("act1", width),
        filters("conv1.conv", width, width, REACH),
        snake("act2", width),
        filters("conv2.conv", width, width, 1),
    )
