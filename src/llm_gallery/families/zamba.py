"""Zamba: Mamba of several heads in every layer, and in every sixth a transformer beside it, whose weights are one for all.

What the transformer gives is added to what Mamba reads, not to the stream. It reads the stream and the token's
embedding side by side.

With `tie_word_embeddings: false` the reference ties no block either, and so it is described.

Reference: transformers/models/zamba/modeling_zamba.py
Paper: https://arxiv.org/abs/2405.16712
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    NO_POSITION,
    Convolved,
    Heads,
    Scaling,
    attention,
    gated_mlp,
    group,
    joined_embedding,
    layer,
    linear,
    mamba,
    residual,
    rms_norm,
    shared,
)
from llm_gallery.families._config import Count, Size, config, multiple, same, shared_among
from llm_gallery.families._layers import typed
from llm_gallery.families.llama import Llama, decoder, kv, norm
from llm_gallery.families.zamba2 import HYBRID, TYPES, added_to_input, with_shared_weights


@config("zamba", unused=("use_associative_scan",))
class Zamba(Llama):
    attention_hidden_size: Size | None
    layers_block_type: tuple[str, ...] | None
    attn_layer_period: Size
    attn_layer_offset: Count
    hidden_mamba_act: str
    n_mamba_heads: Size
    mamba_d_state: Size
    mamba_d_conv: Size
    mamba_expand: Size
    mamba_dt_rank: Literal["auto"] | Size
    mamba_conv_bias: bool
    mamba_proj_bias: bool


def zamba(c: Zamba) -> Block:
    count = c.num_hidden_layers
    types = typed(c.layers_block_type, count, default(c), TYPES, "layers_block_type")
    users = [index for index, kind in enumerate(types) if kind == HYBRID]
    plain = layer(residual(norm(c, "input_layernorm"), recurrent(c)))
    layers = [hybrid(c, users, index) if index in users else plain for index in range(count)]
    return decoder(c, layers, after=(norm(c, "final_layernorm"),))


def default(c: Zamba) -> list[str]:
    """The third layer, and each of a period from an offset on after it."""
    last = range(c.num_hidden_layers - 3)
    attends = [False, False, True, *(i % c.attn_layer_period == c.attn_layer_offset for i in last)]
    return [HYBRID if so else TYPES[0] for so in attends][: c.num_hidden_layers]


def recurrent(c: Zamba) -> Block:
    """Mamba, each of whose heads chooses what its share of the channels writes and reads."""
    rank, inner = c.mamba_dt_rank, c.mamba_expand * c.hidden_size
    multiple(inner, c.n_mamba_heads, ("mamba_expand x hidden_size", "n_mamba_heads"))
    return mamba(
        "mamba",
        width=c.hidden_size,
        inner=derived(inner, "mamba_expand x hidden_size"),
        state_dim=c.mamba_d_state,
        step_rank=derived(-(-c.hidden_size // 16), "hidden_size / 16") if rank == "auto" else rank,
        convolved=Convolved(c.mamba_d_conv, c.hidden_mamba_act, c.mamba_conv_bias),
        bias=c.mamba_proj_bias,
        heads=c.n_mamba_heads,
    )


def hybrid(c: Zamba, users: list[int], index: int) -> Block:
    """Mamba, which reads the stream and what the transformer makes of it, added.

    Where head and embedding aren't tied, the reference shares no block either: each layer has one of its own.
    """
    model = transformer(c)
    if index != users[0] and c.tie_word_embeddings:
        model = shared(model, f"model.layers.{users[0]}.shared_transf")
    if len(users) > 1 and c.tie_word_embeddings:
        model = with_shared_weights(model, 1)
    return added_to_input(c, model, norm(c, "input_layernorm"), recurrent(c))


def transformer(c: Zamba) -> Block:
    """Attention and an MLP, one after the other with no stream beside them."""
    width, wide = c.hidden_size, 2 * c.hidden_size
    if c.attention_hidden_size is not None:
        same(c.attention_hidden_size, wide, ("attention_hidden_size", "2 x hidden_size"))
    queries, keys = c.num_attention_heads, kv(c)
    multiple(queries, keys, ("num_attention_heads", "num_key_value_heads"))
    names = ("2 x hidden_size", "num_attention_heads")
    dim = shared_among(wide, queries, names) if c.head_dim is None else c.head_dim
    projections = (("q", "query", queries), ("k", "key", keys), ("v", "value", keys))
    inside = [linear(f"{n}_proj", wide, count * dim, role=role) for n, role, count in projections]
    attends = attention(
        "self_attn",
        heads=Heads(queries, keys, dim),
        positions=NO_POSITION,
        inside=[*inside, linear("o_proj", queries * dim, width, role="output")],
        scaling=Scaling(scale_dim=derived(multiple(dim, 2, ("head_dim", "2")), "head_dim / 2")),
        bias=False,
    )
    mlp = gated_mlp(
        "feed_forward",
        width=width,
        inner=c.intermediate_size,
        activation=c.hidden_act,
    )
    return group(
        "shared_transf",
        joined_embedding(width),
        rms_norm("input_layernorm", wide),
        attends,
        norm(c, "pre_ff_layernorm"),
        mlp,
    )
