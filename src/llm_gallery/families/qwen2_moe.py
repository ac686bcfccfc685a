"""Qwen1.5 MoE and Qwen2 MoE: Qwen2 with narrow softmax-routed experts beside one that every token runs, gated.

Reference: transformers/models/qwen2_moe/modular_qwen2_moe.py
Paper: https://arxiv.org/abs/2407.10671
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import Shared, linear
from llm_gallery.families._config import Count, Length, Size, config, stated
from llm_gallery.families._layers import each, sliding, sparse
from llm_gallery.families.llama import decoder, grouped_query, pre_norm, swiglu
from llm_gallery.families.qwen3_moe import Experts
from llm_gallery.families.qwen3_moe import moe as routed


@config("qwen2_moe")
class SharedExpert(Experts):
    """The keys of all experts, which Qwen3-Next takes over."""

    shared_expert_intermediate_size: Size


@config("qwen2_moe")
class Qwen2Moe(SharedExpert):
    qkv_bias: bool
    decoder_sparse_step: Size
    mlp_only_layers: tuple[Count, ...] | None
    use_sliding_window: bool
    sliding_window: Literal[0] | Length | None  # 0 where the reference saved it unused
    max_window_layers: Count
    layer_types: tuple[str, ...] | None


def qwen2_moe(c: Qwen2Moe) -> Block:
    count = c.num_hidden_layers
    default = [
        "sliding_attention"
        if c.use_sliding_window and i % 2 == 0 and i < c.max_window_layers
        else "full_attention"
        for i in range(count)
    ]
    local = sliding(c.layer_types, count, default)
    experts = sparse(count, c.decoder_sparse_step, c.mlp_only_layers, c.num_experts)
    keys = list(zip(local, experts, strict=True))
    return decoder(c, each(keys, lambda key: decoder_layer(c, *key)))


def decoder_layer(c: Qwen2Moe, local: bool, experts: bool) -> Block:
    window = c.sliding_window or None if local and c.use_sliding_window else None
    attention = grouped_query(c, window=window, bias=stated(c, "qkv_bias"), output_bias=False)
    return pre_norm(c, attention, moe(c) if experts else swiglu(c))


def moe(c: SharedExpert) -> Block:
    """Routed experts and a shared one."""
    return routed(c, shared_expert(c))


def shared_expert(c: SharedExpert) -> Shared:
    """The expert that every token runs, scaled by a sigmoid of its own."""
    shared = swiglu(c, "shared_expert", c.shared_expert_intermediate_size)
    gate = replace(linear("shared_expert_gate", c.hidden_size, 1), kind="shared_gate")
    return Shared(shared, gate=gate)
