"""Jamba: Mamba in seven layers of eight, attention without positions in the other, experts in every second MLP.

Reference: transformers/models/jamba/modular_jamba.py
Paper: https://arxiv.org/abs/2403.19887
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    NO_POSITION,
    Convolved,
    experts,
    layer,
    mamba,
    mixture_of_experts,
    residual,
    router,
)
from llm_gallery.families._config import Count, Size, at_most, config
from llm_gallery.families._layers import each
from llm_gallery.families.falcon_mamba import normed
from llm_gallery.families.llama import Llama, decoder, grouped_query, norm, swiglu


@config(
    "jamba",
    unused=("use_mambapy", "use_associative_scan", "mamba_inner_layernorms", "sliding_window"),
)
class Jamba(Llama):
    num_experts: Size
    num_experts_per_tok: Size
    expert_layer_period: Size
    expert_layer_offset: Count
    attn_layer_period: Size
    attn_layer_offset: Count
    mamba_d_state: Size
    mamba_d_conv: Size
    mamba_expand: Size
    mamba_dt_rank: Literal["auto"] | Size
    mamba_conv_bias: bool
    mamba_proj_bias: bool


def jamba(c: Jamba) -> Block:
    for name in ("attn_layer", "expert_layer"):
        offset, period = getattr(c, f"{name}_offset"), getattr(c, f"{name}_period")
        at_most(offset + 1, period, (f"{name}_offset + 1", f"{name}_period"))
    keys = [
        (
            i % c.attn_layer_period == c.attn_layer_offset,
            c.num_experts > 1 and i % c.expert_layer_period == c.expert_layer_offset,
        )
        for i in range(c.num_hidden_layers)
    ]
    return decoder(
        c, each(keys, lambda key: decoder_layer(c, *key)), after=(norm(c, "final_layernorm"),)
    )


def decoder_layer(c: Jamba, attends: bool, sparse: bool) -> Block:
    mixer = grouped_query(c, bias=False, positions=NO_POSITION) if attends else state_space(c)
    return layer(
        residual(norm(c, "input_layernorm"), mixer),
        residual(norm(c, "pre_ff_layernorm"), moe(c) if sparse else swiglu(c, "feed_forward")),
    )


def state_space(c: Jamba) -> Block:
    rank = c.mamba_dt_rank
    steps = derived(-(-c.hidden_size // 16), "hidden_size / 16") if isinstance(rank, str) else rank
    mixer = mamba(
        "mamba",
        width=c.hidden_size,
        inner=derived(c.mamba_expand * c.hidden_size, "mamba_expand x hidden_size"),
        state_dim=c.mamba_d_state,
        step_rank=steps,
        convolved=Convolved(c.mamba_d_conv, c.hidden_act, c.mamba_conv_bias),
        bias=c.mamba_proj_bias,
    )
    return normed(mixer, c.mamba_d_state, steps, learned=True)


def moe(c: Jamba) -> Block:
    at_most(c.num_experts_per_tok, c.num_experts, ("num_experts_per_tok", "num_experts"))
    return mixture_of_experts(
        "feed_forward",
        router=router("router", width=c.hidden_size, experts=c.num_experts),
        experts=experts(swiglu(c, "experts"), stored=c.num_experts, used=c.num_experts_per_tok),
        scoring="softmax",
        normalized=False,
    )
