"""Falcon: attention and MLP side by side after LayerNorm, one key and value head (or a few), a plain GELU MLP.

Reference: transformers/models/falcon/modeling_falcon.py
Paper: https://arxiv.org/abs/2311.16867
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Heads,
    Names,
    Positions,
    added,
    group,
    joint_attention,
    language_model,
    layer,
    layer_norm,
    plain_mlp,
    residual,
    stack,
)
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import (
    Depth,
    Length,
    Size,
    config,
    multiple,
    same,
    shared_among,
    stated,
)
from llm_gallery.families._rope import Rotary, rope


@config(
    "falcon",
    unused=("apply_residual_connection_post_layernorm", "num_key_value_heads"),  # it follows
    classes=("RWForCausalLM",),
)
class Falcon(Rotary):
    vocab_size: Size
    hidden_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    n_layer: Size | None = None  # these two say the same again, in files of 2023
    n_head: Size | None = None
    num_kv_heads: Size | None
    num_ln_in_parallel_attn: Literal[1, 2] | None
    alibi: bool
    new_decoder_architecture: bool
    multi_query: bool
    parallel_attn: bool
    bias: bool
    max_position_embeddings: Length
    ffn_hidden_size: Size | None
    activation: str
    tie_word_embeddings: bool


def falcon(c: Falcon) -> Block:
    for old, key in (("n_layer", "num_hidden_layers"), ("n_head", "num_attention_heads")):
        if (said := getattr(c, old)) is not None:
            same(said, getattr(c, key), (old, key))
    return language_model(
        stack("h", [decoder_layer(c)] * c.num_hidden_layers),
        Names("transformer", "word_embeddings"),
        vocabulary=c.vocab_size,
        width=c.hidden_size,
        context=c.max_position_embeddings,
        tied=stated(c, "tie_word_embeddings"),
        after=(layer_norm("ln_f", c.hidden_size),),
    )


def decoder_layer(c: Falcon) -> Block:
    """Falcon 40B and 180B give either branch a norm of its own; the first releases shared one."""
    if c.new_decoder_architecture and not c.parallel_attn:
        raise Refusal(
            "parallel_attn is false, expected true with new_decoder_architecture; correct one"
        )
    if c.parallel_attn and c.num_ln_in_parallel_attn == 2 and not c.new_decoder_architecture:
        raise Refusal(
            "num_ln_in_parallel_attn is 2, expected 1 or null without new_decoder_architecture: the "
            "reference stores two norms there and computes one; correct one"
        )
    width = c.hidden_size
    first = layer_norm("input_layernorm", width)
    if c.new_decoder_architecture and (c.num_ln_in_parallel_attn or 2) == 2:
        branches = (
            group("", layer_norm("ln_attn", width), multi_query(c)),
            group("", layer_norm("ln_mlp", width), mlp(c)),
        )
        return layer(residual(added(*branches)))
    if c.parallel_attn:
        return layer(residual(first, added(multi_query(c), mlp(c))))
    second = layer_norm("post_attention_layernorm", width)
    return layer(residual(first, multi_query(c)), residual(second, mlp(c)))


def multi_query(c: Falcon) -> Block:
    width, heads = c.hidden_size, c.num_attention_heads
    dim = shared_among(width, heads, ("hidden_size", "num_attention_heads"))
    return joint_attention(
        "self_attention",
        width=width,
        heads=Heads(heads, kv_heads(c), dim),
        positions=Positions(kind="alibi") if c.alibi else rope(c, dim),
        names=("query_key_value", "dense"),
        grouped=True,
        bias=stated(c, "bias"),
    )


def kv_heads(c: Falcon) -> int:
    """`num_kv_heads` counts in the new architecture alone; elsewhere there is one, or one a head."""
    heads = c.num_attention_heads
    if c.new_decoder_architecture:
        kv = heads if c.num_kv_heads is None else c.num_kv_heads
        multiple(heads, kv, ("num_attention_heads", "num_kv_heads"))
        return kv
    return derived(1 if c.multi_query else heads * 1, "multi_query")


def mlp(c: Falcon) -> Block:
    width = c.hidden_size
    inner = (
        derived(4 * width, "4 x hidden_size") if c.ffn_hidden_size is None else c.ffn_hidden_size
    )
    return plain_mlp(
        "mlp",
        width=width,
        inner=inner,
        activation=c.activation,
        names=("dense_h_to_4h", "dense_4h_to_h"),
        bias=c.bias,
    )
