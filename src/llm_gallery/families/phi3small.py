"""Phi-3 small: blocks of tokens seen in every other layer, a clamped GELU gate whose rows lie between those of up, scales as muP asks.

Reference: vllm/model_executor/models/phi3_small.py and mlx_lm/models/phi3small.py (transformers has no such type)
Model: https://huggingface.co/microsoft/Phi-3-small-8k-instruct
Paper: https://arxiv.org/abs/2404.14219
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Head,
    Heads,
    Positions,
    Scaling,
    block_sparse,
    fused,
    gated_mlp,
    layer,
    layer_norm,
    residual,
    with_settings,
)
from llm_gallery.families._config import Count, Pieces, Size, config, same
from llm_gallery.families._layers import each
from llm_gallery.families._rope import Rotary, rope
from llm_gallery.families.llama import Llama, decoder, grouped_query, head_dim, kv

OF_THE_PUBLISHED_CODE = (
    "dummy_token_indices", "embedding_dropout_prob", "ff_dim_multiplier", "ffn_dropout_prob",
    "gegelu_pad_to_256", "pad_sequence_to_multiple_of_64", "attention_dropout_prob",
)  # fmt: skip
"""Dropout, padding, and which tokens are never given; their scores are computed all the same."""
GAIN = 1.702
"""Of the sigmoid that stands for GELU."""


@config("phi3small", unused=OF_THE_PUBLISHED_CODE, classes=("Phi3SmallForCausalLM",))
class Phi3Small(Llama):
    intermediate_size: Count = 0  # what the class calls the next, too
    ff_intermediate_size: Size
    hidden_act: Literal["gegelu"]
    gegelu_limit: float | None
    tie_word_embeddings: Literal[True] = True
    rope_embedding_base: float
    rope_position_scale: float
    blocksparse_block_size: Size
    blocksparse_triton_kernel_block_size: Size | None = None
    blocksparse_num_local_blocks: Size
    blocksparse_vert_stride: Pieces
    blocksparse_homo_head_pattern: Literal[False]
    dense_attention_every_n_layers: Count | None
    mup_use_scaling: bool
    mup_attn_multiplier: float
    mup_embedding_multiplier: float
    mup_width_multiplier: float


def phi3small(c: Phi3Small) -> Block:
    every = c.dense_attention_every_n_layers or 0
    dense = [every > 0 and (i + 1) % every == 0 for i in range(c.num_hidden_layers)]
    scale = derived(1 / c.mup_width_multiplier, "1 / mup_width_multiplier")
    return decoder(
        c,
        each(dense, lambda sees_all: decoder_layer(c, sees_all)),
        head=Head(scale=scale),
        after=(layer_norm("final_layernorm", c.hidden_size),),
        embedding_scale=c.mup_embedding_multiplier or None,
    )


def decoder_layer(c: Phi3Small, sees_all: bool) -> Block:
    mixer = attention(c)
    if not sees_all:
        kernel = c.blocksparse_triton_kernel_block_size
        if kernel is not None:
            names = ("blocksparse_triton_kernel_block_size", "blocksparse_block_size")
            same(kernel, c.blocksparse_block_size, names)
        mixer = block_sparse(
            mixer,
            block=c.blocksparse_block_size,
            local=c.blocksparse_num_local_blocks,
            stride=c.blocksparse_vert_stride,
        )
    width = c.hidden_size
    return layer(
        residual(layer_norm("input_layernorm", width), mixer),
        residual(layer_norm("post_attention_layernorm", width), mlp(c)),
    )


def attention(c: Phi3Small) -> Block:
    """Scores are divided by the size of a head, not by its root, where muP scales them."""
    dim = head_dim(c)
    divided = derived(dim * dim, "head_dim ^ 2") if c.mup_use_scaling else None
    times = c.mup_attn_multiplier if c.mup_use_scaling and c.mup_attn_multiplier != 1 else None
    mixer = grouped_query(
        c,
        heads=Heads(c.num_attention_heads, kv(c), dim),
        positions=positions(c, dim),
        bias=True,
        scaling=Scaling(scale_dim=divided, score_scale=times),
    )
    return fused(mixer, "query_key_value", "dense", groups=kv(c))


def positions(c: Phi3Small, dim: int) -> Positions:
    """The class stretches all positions alike where no extension is stated and its scale isn't 1."""
    stretched = c.rope_scaling
    if stretched is None and c.rope_position_scale != 1.0:
        stretched = {"type": "linear", "factor": c.rope_position_scale}
    return rope(Rotary(rope_theta=c.rope_embedding_base, rope_scaling=stretched), dim)


def mlp(c: Phi3Small) -> Block:
    """down(GELU(gate x) * (up x + 1)); each row of gate is followed by its row of up."""
    channels = gated_mlp(
        "mlp",
        width=c.hidden_size,
        inner=c.ff_intermediate_size,
        activation="gelu",
        bias=True,
        limit=c.gegelu_limit,
        gain=GAIN,
        shift=1,
        names=("up_proj", "down_proj"),
    )
    first, *others = channels.inside
    rows = with_settings(first, rows=[1, 1], groups=int(c.ff_intermediate_size))
    return replace(channels, inside=(rows, *others))
