"""Lara Mini: Gated DeltaNet, attention in windows, and attention over all tokens without positions, before experts and a shared one.

Reference: transformers/models/lara_mini/modular_lara_mini.py
Model: https://huggingface.co/translated/Lara-4-Mini-Base
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    NO_POSITION,
    Shared,
    gated_deltanet,
    linear,
    mixture_of_experts,
    router,
    stacked_experts,
)
from llm_gallery.families._config import Count, Length, Size, at_most, config, multiple, stated
from llm_gallery.families._layers import each, typed
from llm_gallery.families.llama import decoder, grouped_query, pre_norm, swiglu
from llm_gallery.families.qwen2_moe import SharedExpert

PERIOD = (
    "linear_attention", "sliding_attention", "linear_attention", "full_attention", "sliding_attention",
)  # fmt: skip
"""The mixers of five layers, where the config doesn't say."""


@config("lara_mini")
class LaraMini(SharedExpert):
    intermediate_size: Count = 0  # no layer is dense
    sliding_window: Length
    layer_types: tuple[str, ...] | None
    linear_num_key_heads: Size
    linear_num_value_heads: Size
    linear_key_head_dim: Size
    linear_value_head_dim: Size
    linear_conv_kernel_dim: Size


def lara_mini(c: LaraMini) -> Block:
    count = c.num_hidden_layers
    default = [PERIOD[i % len(PERIOD)] for i in range(count)]
    types = typed(c.layer_types, count, default, tuple(sorted({*PERIOD})))
    channels = moe(c)
    return decoder(c, each(types, lambda kind: pre_norm(c, mixer(c, kind), channels)))


def mixer(c: LaraMini, kind: str) -> Block:
    """A state, or attention, which is rotated where it has a window."""
    if kind == "linear_attention":
        return delta(c)
    local = kind == "sliding_attention"
    return grouped_query(
        c,
        qk_norm="per head",
        window=c.sliding_window if local else None,
        positions=None if local else NO_POSITION,
    )


def delta(c: LaraMini) -> Block:
    """Gated DeltaNet, all that a token gives it stored as the rows of one matrix."""
    key_heads, value_heads = c.linear_num_key_heads, c.linear_num_value_heads
    multiple(value_heads, key_heads, ("linear_num_value_heads", "linear_num_key_heads"))
    mixer = gated_deltanet(
        "linear_attn",
        width=c.hidden_size,
        key_heads=key_heads,
        value_heads=value_heads,
        key_dim=c.linear_key_head_dim,
        value_dim=c.linear_value_head_dim,
        taps=c.linear_conv_kernel_dim,
        activation=c.hidden_act,
        gate="silu" if c.hidden_act != "silu" else None,
        fused=False,
    )
    *apart, convolution, normed, out = mixer.inside
    keys, values = key_heads * c.linear_key_head_dim, value_heads * c.linear_value_head_dim
    rows = (keys, keys, values, values, value_heads, value_heads)
    roles = tuple(role for part in apart for role in part.roles)
    projection = linear("in_proj", c.hidden_size, sum(rows), role=roles, rows=rows)
    return replace(mixer, inside=(projection, convolution, replace(normed, name="out_norm"), out))


def moe(c: LaraMini) -> Block:
    at_most(c.num_experts_per_tok, c.num_experts, ("num_experts_per_tok", "num_experts"))
    return mixture_of_experts(
        "mlp",
        router=router("gate", width=c.hidden_size, experts=c.num_experts),
        experts=stacked_experts(
            "experts",
            stored=c.num_experts,
            used=c.num_experts_per_tok,
            width=c.hidden_size,
            inner=c.moe_intermediate_size,
            activation=c.hidden_act,
            outputs_first=True,
        ),
        shared=Shared(swiglu(c, "shared_expert", c.shared_expert_intermediate_size)),
        scoring="softmax",
        normalized=stated(c, "norm_topk_prob"),
    )
