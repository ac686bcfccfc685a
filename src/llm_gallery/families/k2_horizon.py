"""K2 Horizon: Llama or a mixture of experts, whose values may be a mixture of matrices, and whose norms may go by groups.

Heads that turn in part turn the fastest pairs of their two halves. With YaRN that is refused, as the reference
fails.

Reference: transformers/models/k2_horizon/modular_k2_horizon.py (after 5.25), modeling_k2_horizon.py of the releases
Model: https://huggingface.co/IFM/K2-Horizon-375B-A23B
"""

from __future__ import annotations

from typing import Any, Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    Positions,
    ValueExperts,
    experts,
    layer,
    linear,
    mixture_of_experts,
    residual,
    rms_norm,
    router,
    with_value_experts,
)
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import (
    Count,
    Json,
    Length,
    Size,
    at_most,
    config,
    multiple,
    stated,
)
from llm_gallery.families._layers import each, sparse
from llm_gallery.families._rope import rope
from llm_gallery.families.llama import (
    Gate,
    Llama,
    decoder,
    grouped_query,
    head_dim,
    kv,
    shared_experts,
    swiglu,
)

GATES = {"silu": "silu", "softplus": "softplus_base_2"}
"""Activations of attention's gate; the releases' softplus has ln 2 for its slope: log2(1 + 2^x)."""


@config("k2_horizon", unused=("padding_idx", "router_aux_loss_coef"))
class K2Horizon(Llama):
    """Defaults are those that the releases' class and the reference's share."""

    hidden_act: str = "silu"
    tie_word_embeddings: bool = False
    use_sliding_window: bool = False
    sliding_window: Length | None = None
    layernorm_num_groups: Size = 1
    query_key_norm: bool
    rope_head_dim: Size | None = None
    attention_gate_func: Literal["silu", "softplus"] | None = None
    num_experts: Count
    decoder_sparse_step: Size = 1
    mlp_only_layers: tuple[Count, ...] | None = None
    moe_intermediate_size: Size = 768
    num_experts_per_tok: Count = 8
    norm_topk_prob: bool = False
    moe_gate_bias: bool = False
    num_shared_experts: Count = 0
    router_score_func: Literal["softmax", "sigmoid"] = "softmax"
    router_scaling_factor: float | None = 1.0
    mova_num_experts: Count = 0
    mova_num_experts_per_tok: Count = 0


def k2_horizon(c: K2Horizon) -> Block:
    if c.mova_num_experts and not c.num_experts:
        raise Refusal(
            f"mova_num_experts is {c.mova_num_experts:,} where num_experts is 0, expected both or neither; correct it"
        )
    routed = sparse(c.num_hidden_layers, c.decoder_sparse_step, c.mlp_only_layers, c.num_experts)
    return decoder(c, each(routed, lambda has: decoder_layer(c, has)), after=(norm(c, "norm"),))


def decoder_layer(c: K2Horizon, routed: bool) -> Block:
    """Where the MLP is a mixture, values are one too, if the config has any such."""
    tokens = attention(c)
    if routed and c.mova_num_experts:
        tokens = with_value_experts(tokens, values(c))
    return layer(
        residual(norm(c, "input_layernorm"), tokens),
        residual(norm(c, "post_attention_layernorm"), moe(c) if routed else swiglu(c)),
    )


def norm(c: K2Horizon, name: str) -> Block:
    """RMSNorm of each of so many groups of the stream's channels."""
    groups = c.layernorm_num_groups
    multiple(c.hidden_size, groups, ("hidden_size", "layernorm_num_groups"))
    return rms_norm(name, c.hidden_size, groups=groups)


def attention(c: K2Horizon) -> Block:
    heads, keys, dim = c.num_attention_heads, kv(c), head_dim(c)
    gate = None
    if c.attention_gate_func is not None:
        projection = linear("gate_proj", c.hidden_size, heads * dim, role="gate")
        gate = Gate(projection, GATES[c.attention_gate_func])
    return grouped_query(
        c,
        positions=positions(c),
        window=c.sliding_window if c.use_sliding_window else None,
        qk_norm="each head its own" if c.query_key_norm else None,
        norms=(
            rms_norm("q_norm", heads * dim, role="query_norm", groups=heads),
            rms_norm("k_norm", keys * dim, role="key_norm", groups=keys),
        ),
        gate=gate,
    )


def positions(c: K2Horizon) -> Positions:
    """Of a head that turns in part, the fastest pairs of its halves do, as fast as those of a head of that size."""
    dim, whole = head_dim(c), rope(c, head_dim(c))
    part = c.rope_head_dim
    if part is None or part == dim:
        return whole
    if part > dim or part % 2:
        raise Refusal(
            f"rope_head_dim is {quoted(part)}, expected an even number up to {dim:,} (head_dim); correct it"
        )
    if whole.scaling is not None:
        raise Refusal(
            f"rope_head_dim is {part:,} of {dim:,} channels and rope_parameters.rope_type {whole.scaling!r}, expected "
            "all channels, or the type default: the reference extends whole heads alone; correct one of them"
        )
    return whole._replace(rotated=part, spread=True, spacing=int(part))


def values(c: K2Horizon) -> ValueExperts:
    stored, used = c.mova_num_experts, c.mova_num_experts_per_tok
    refuse_count(used, stored, ("mova_num_experts_per_tok", "mova_num_experts"))
    return ValueExperts(
        router=value_router(c, "v_router", stored),
        name="v_experts",
        stored=stored,
        used=used,
        scoring=c.router_score_func,
        normalized=used > 1,
        scale=c.router_scaling_factor or 1.0,
    )


def refuse_count(used: int, stored: int, keys: tuple[str, str]) -> None:
    """Refuses more than there are, and none, which dense configs state."""
    at_most(used, stored, keys)
    if not used:
        raise Refusal(f"{keys[0]} is 0, expected 1 to {stored:,} ({keys[1]}); correct it")


def value_router(c: K2Horizon, name: str, count: int) -> Block:
    """A router whose bias, where it has one, counts for the choice alone."""
    return router(
        name, width=c.hidden_size, experts=count, correction="bias" if c.moe_gate_bias else None
    )


def moe(c: K2Horizon) -> Block:
    refuse_count(c.num_experts_per_tok, c.num_experts, ("num_experts_per_tok", "num_experts"))
    inner = c.moe_intermediate_size
    return mixture_of_experts(
        "mlp",
        router=value_router(c, "gate", c.num_experts),
        experts=experts(
            swiglu(c, "experts", inner), stored=c.num_experts, used=c.num_experts_per_tok
        ),
        shared=shared_experts(c, c.num_shared_experts, inner, "num_shared_experts")
        if c.num_shared_experts
        else None,
        scoring=c.router_score_func,
        scale=c.router_scaling_factor or 1.0,
        normalized=stated(c, "norm_topk_prob"),
    )


def shrink(config: Json, small: dict[str, Any], depth: int) -> None:
    """All of a head turns, or a half."""
    if "rope_head_dim" in config:
        small["rope_head_dim"] = small["head_dim"]
        if config["rope_head_dim"] not in (None, config["head_dim"]):
            small["rope_head_dim"] //= 2
