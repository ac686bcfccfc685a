"""Granite Speech's conformer: half an MLP, attention, a convolution over the frames, the other half.

Reference: transformers/models/granite_speech/modeling_granite_speech.py
Paper: https://arxiv.org/abs/2505.08699, https://arxiv.org/abs/2005.08100 (Conformer)
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import group, layer, layer_norm, linear, stack
from llm_gallery.families._config import Depth, Size, config
from llm_gallery.families._vision import batch_norm, filters, tensor_block


@config("granite_speech_encoder", unused=("context_size",))
class Conformer:
    input_dim: Size
    num_layers: Depth
    hidden_dim: Size
    feedforward_mult: Size
    num_heads: Size
    dim_head: Size | None
    output_dim: Size
    max_pos_emb: Size
    conv_kernel_size: Size
    conv_expansion_factor: Size


def conformer(c: Conformer) -> Block:
    """Half way through the layers, what is guessed of the letters so far is read again."""
    width = c.hidden_dim
    decoder_layer = layer(
        half_mlp("ff1", width, width * c.feedforward_mult),
        attention(c),
        convolution(c, width * c.conv_expansion_factor),
        half_mlp("ff2", width, width * c.feedforward_mult),
        layer_norm("post_norm", width),
    )
    inside = (
        linear("input_linear", c.input_dim, width, bias=True),
        stack("layers", [decoder_layer] * c.num_layers),
        linear("out", width, c.output_dim, bias=True),
        linear("out_mid", c.output_dim, width, bias=True),
    )
    return Block("audio_tower", "encoder", inside=inside)


def half_mlp(name: str, width: int, inner: int) -> Block:
    """A two-matrix MLP, half of which is added."""
    return group(
        name,
        layer_norm("pre_norm", width),
        linear("up_proj", width, inner, bias=True),
        linear("down_proj", inner, width, bias=True),
    )


def attention(c: Conformer) -> Block:
    """Keys and values in one matrix, and a row for each distance that a score may span."""
    width = c.hidden_dim
    dim = int(c.dim_head or width // c.num_heads)  # as the reference rounds
    inner = dim * c.num_heads
    distances = Tensor("weight", (2 * int(c.max_pos_emb) + 1, dim))
    return group(
        "attn",
        layer_norm("pre_norm", width),
        linear("to_q", width, inner),
        linear("to_kv", width, 2 * inner),
        tensor_block("rel_pos_emb", distances),
        linear("to_out", inner, width, bias=True),
    )


def convolution(c: Conformer, inner: int) -> Block:
    """A gated linear map, each channel over its own frames, and a norm by what training saw on average."""
    return group(
        "conv",
        layer_norm("norm", c.hidden_dim),
        filters("up_conv", 2 * inner, c.hidden_dim, 1),
        filters("depth_conv.conv", inner, 1, c.conv_kernel_size, bias=False),
        batch_norm("batch_norm", inner),
        filters("down_conv", c.hidden_dim, inner, 1),
    )
