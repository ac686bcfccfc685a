"""LFM2: short gated convolutions in most layers, grouped-query attention with normed q and k in the others.

Reference: transformers/models/lfm2/modular_lfm2.py
Paper: https://arxiv.org/abs/2511.23404
"""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import layer, renamed, residual, rms_norm, short_convolution
from llm_gallery.families._config import Count, Factor, Size, config, stated
from llm_gallery.families._layers import each, typed
from llm_gallery.families.llama import Llama, decoder, grouped_query, norm, swiglu

OF_THE_TRAINING_CODE = (
    "block_dim", "block_mlp_init_scale", "block_norm_eps", "block_out_init_scale",
    "block_use_swiglu", "block_use_xavier_init", "conv_dim", "conv_dim_out",
    "conv_use_xavier_init", "num_heads", "use_pos_enc",
)  # fmt: skip
NAMES = {
    "o_proj": "out_proj", "q_norm": "q_layernorm", "k_norm": "k_layernorm",
    "gate_proj": "w1", "up_proj": "w3", "down_proj": "w2",
}  # fmt: skip
"""The checkpoint's names for Llama's parts."""


@config("lfm2", unused=OF_THE_TRAINING_CODE)
class Convolving(Llama):
    """The keys of both LFM2 classes."""

    hidden_act: str = "silu"
    layer_types: tuple[str, ...] | None
    conv_L_cache: Size  # noqa: N815 - the config's spelling
    conv_bias: bool
    tie_embedding: bool | None = None  # overrides tie_word_embeddings


@config("lfm2")
class Lfm2(Convolving):
    block_ff_dim: Size | None = None  # overrides intermediate_size
    block_auto_adjust_ff_dim: bool
    block_ffn_dim_multiplier: Factor | None
    block_multiple_of: Size
    full_attn_idxs: tuple[Count, ...] | None


def lfm2(c: Lfm2) -> Block:
    count = c.num_hidden_layers
    attended = range(count) if c.full_attn_idxs is None else c.full_attn_idxs
    default = ["full_attention" if i in attended else "conv" for i in range(count)]
    types = typed(c.layer_types, count, default, ("conv", "full_attention"))
    return stacked(
        c, each(types, lambda kind: decoder_layer(c, kind, swiglu(c, "feed_forward", inner(c))))
    )


def decoder_layer(c: Convolving, kind: str, channels: Block) -> Block:
    """A layer of either kind, under the checkpoint's names."""
    if kind == "conv":
        mixer = short_convolution(
            "conv", width=c.hidden_size, taps=c.conv_L_cache, bias=stated(c, "conv_bias")
        )
    else:
        mixer = renamed(grouped_query(c, qk_norm="per head", bias=False), NAMES)
    return layer(
        residual(norm(c, "operator_norm"), mixer),
        residual(norm(c, "ffn_norm"), renamed(channels, NAMES)),
    )


def stacked(c: Convolving, layers: Sequence[Block]) -> Block:
    tie = "tie_word_embeddings" if c.tie_embedding is None else "tie_embedding"
    final = rms_norm("embedding_norm", c.hidden_size)
    return decoder(c, layers, after=(final,), tied=stated(c, tie))


def inner(c: Lfm2) -> int:
    """Two thirds of the stated width, rounded up, since the gate is a third matrix."""
    stated_width = c.intermediate_size if c.block_ff_dim is None else c.block_ff_dim
    if not c.block_auto_adjust_ff_dim:
        return stated_width
    width = int(2 * stated_width / 3)
    if c.block_ffn_dim_multiplier is None:
        return derived(width, "block_ff_dim x 2/3")
    step = c.block_multiple_of
    rounded = -(-int(c.block_ffn_dim_multiplier * width) // step) * step
    return derived(rounded, "block_ff_dim x 2/3 x block_ffn_dim_multiplier, rounded up")
