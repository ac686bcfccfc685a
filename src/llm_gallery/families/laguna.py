"""Laguna: windows in three layers of four, which have more heads, each head's output gated, and sigmoid-routed experts.

Reference: transformers/models/laguna/modular_laguna.py
Report: https://poolside.ai/assets/laguna/laguna-m1-xs2-technical-report.pdf
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    Heads,
    Shared,
    experts,
    linear,
    mixture_of_experts,
    router,
)
from llm_gallery.families._config import Length, Size, at_most, config, per_layer
from llm_gallery.families._layers import each, sliding, typed
from llm_gallery.families._rope import rope
from llm_gallery.families.llama import (
    Gate,
    Llama,
    decoder,
    grouped_query,
    head_dim,
    kv,
    pre_norm,
    swiglu,
)


@config(
    "laguna", unused=("decoder_sparse_step", "gating_types", "mlp_only_layers", "norm_topk_prob")
)
class Laguna(Llama):
    gating: bool | str  # true and "per-head": one gate a head; else one a channel
    sliding_window: Length | None
    layer_types: tuple[str, ...] | None
    num_attention_heads_per_layer: tuple[Size, ...] | None
    mlp_layer_types: tuple[str, ...] | None
    num_experts: Size
    num_experts_per_tok: Size
    moe_intermediate_size: Size
    shared_expert_intermediate_size: Size
    moe_routed_scaling_factor: float
    moe_apply_router_weight_on_input: Literal[False]
    moe_router_logit_softcapping: float


def laguna(c: Laguna) -> Block:
    count = c.num_hidden_layers
    local = sliding(c.layer_types, count, ["full_attention"] * count)
    sparse = typed(
        c.mlp_layer_types,
        count,
        ["dense"] + ["sparse"] * (count - 1),
        ("dense", "sparse"),
        "mlp_layer_types",
    )
    heads = per_layer(c.num_attention_heads_per_layer, count, "num_attention_heads_per_layer")
    keys = list(zip(local, heads or [c.num_attention_heads] * count, sparse, strict=True))
    return decoder(c, each(keys, lambda key: decoder_layer(c, *key)))


def decoder_layer(c: Laguna, local: bool, heads: int, channels: str) -> Block:
    return pre_norm(c, attention(c, local, heads), moe(c) if channels == "sparse" else swiglu(c))


def attention(c: Laguna, local: bool, heads: int) -> Block:
    dim = head_dim(c)
    gates = heads if c.gating is True or c.gating == "per-head" else heads * dim
    kind = "sliding_attention" if local else "full_attention"
    return grouped_query(
        c,
        heads=Heads(heads, kv(c), dim),
        qk_norm="per head",
        window=c.sliding_window if local else None,
        positions=rope(c, dim, layer_type=kind),
        gate=Gate(linear("g_proj", c.hidden_size, gates, role="gate"), "softplus"),
    )


def moe(c: Laguna) -> Block:
    at_most(c.num_experts_per_tok, c.num_experts, ("num_experts_per_tok", "num_experts"))
    expert = swiglu(c, "experts", c.moe_intermediate_size)
    return mixture_of_experts(
        "mlp",
        router=router(
            "gate",
            width=c.hidden_size,
            experts=c.num_experts,
            beside="experts.e_score_correction_bias",
        ),
        experts=experts(expert, stored=c.num_experts, used=c.num_experts_per_tok),
        shared=Shared(swiglu(c, "shared_expert", c.shared_expert_intermediate_size)),
        scoring="sigmoid",
        scale=c.moe_routed_scaling_factor,
        normalized=True,
        softcap=c.moe_router_logit_softcapping or None,
    )
