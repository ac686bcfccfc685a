"""A.X K2: DeepSeek V3.2 whose norms before experts and attention are gated, and whose queries and output gate are one matrix over both forms of a latent.

Reference: transformers/models/axk2/modular_axk2.py
Model: https://huggingface.co/skt/A.X-K2
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    experts,
    gated_norm,
    indexer,
    layer,
    linear,
    mixture_of_experts,
    residual,
    router,
    with_settings,
)
from llm_gallery.architecture.parts.basic import facts
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import Count, Size, at_most, config, multiple, stated
from llm_gallery.families._layers import each, typed
from llm_gallery.families._rope import rope
from llm_gallery.families.deepseek_v3 import Latent, latent, value_dim
from llm_gallery.families.llama import decoder, norm, shared_experts, swiglu


@config("axk2", unused=("head_dim", "qk_head_dim"), unless={"head_dim": "qk_rope_head_dim"})
class AXK2(Latent):
    q_lora_rank: Size
    n_routed_experts: Size
    n_shared_experts: Size
    num_experts_per_tok: Size
    moe_intermediate_size: Size
    n_group: Size | None
    topk_group: Size | None
    norm_topk_prob: bool
    routed_scaling_factor: float
    first_k_dense_replace: Count = 1  # these two as the class falls back
    moe_layer_freq: Size = 1
    mlp_layer_types: tuple[str, ...] | None
    layer_types: tuple[Literal["indexed_attention"], ...] | None
    index_topk: Size
    index_head_dim: Size
    index_n_heads: Size
    gated_norm_rank: Size


def axk2(c: AXK2) -> Block:
    count, first, step = c.num_hidden_layers, c.first_k_dense_replace, c.moe_layer_freq
    default = ["sparse" if i >= first and i % step == 0 else "dense" for i in range(count)]
    types = typed(c.mlp_layer_types, count, default, ("dense", "sparse"), "mlp_layer_types")
    return decoder(c, each(types, lambda kind: decoder_layer(c, sparse=kind == "sparse")))


def decoder_layer(c: AXK2, *, sparse: bool) -> Block:
    """Attention reads a gated norm; of the MLPs, experts do."""
    before = gated if sparse else norm
    return layer(
        residual(gated(c, "input_layernorm"), attention(c)),
        residual(before(c, "post_attention_layernorm"), moe(c) if sparse else swiglu(c)),
    )


def gated(c: AXK2, name: str) -> Block:
    """RMSNorm, channel by channel times a sigmoid of what two matrices make of it."""
    plain = norm(c, name)
    stored = tuple(tensor._replace(name=f"norm.{tensor.name}") for tensor in plain.tensors)
    return gated_norm(replace(plain, tensors=stored), c.gated_norm_rank, ("W_down", "W_up"))


def attention(c: AXK2) -> Block:
    """Queries and gate of a head are rows of one matrix, which reads the latent normed and as it is."""
    chooser = indexer(
        "indexer",
        width=c.hidden_size,
        query_rank=c.q_lora_rank,
        heads=c.index_n_heads,
        head_dim=c.index_head_dim,
        positions=rope(c, c.qk_rope_head_dim)._replace(pairs=False),
    )
    heads, rows = c.num_attention_heads, (c.qk_nope_head_dim + c.qk_rope_head_dim, value_dim(c))
    both = linear(
        "q_b_proj",
        2 * c.q_lora_rank,
        heads * sum(rows),
        role=("query", "gate"),
        rows=rows,
        groups=heads,
    )
    mixer = latent(c, indexer=chooser, selected=c.index_topk)
    inside = tuple(both if part.name == "q_b_proj" else part for part in mixer.inside)
    gated = replace(mixer, inside=inside, facts={**mixer.facts, **facts(gate="sigmoid")})
    return with_settings(gated, query_of_both=True)


def moe(c: AXK2) -> Block:
    """As DeepSeek V3's, but for a balanced score: groups are optional, and those left out count as 0."""
    stored, groups = c.n_routed_experts, None
    if (c.n_group is None) != (c.topk_group is None):
        raise Refusal(
            f"n_group is {c.n_group} and topk_group {c.topk_group}, expected both or neither; "
            "correct them in the config"
        )
    if c.n_group is not None and c.topk_group is not None:
        multiple(stored, c.n_group, ("n_routed_experts", "n_group"))
        at_most(c.topk_group, c.n_group, ("topk_group", "n_group"))
        groups = c.n_group, c.topk_group
    at_most(c.num_experts_per_tok, stored, ("num_experts_per_tok", "n_routed_experts"))
    mixture = mixture_of_experts(
        "mlp",
        router=router(
            "gate", width=c.hidden_size, experts=stored, correction="e_score_correction_bias"
        ),
        experts=experts(
            swiglu(c, "experts", c.moe_intermediate_size), stored=stored, used=c.num_experts_per_tok
        ),
        shared=shared_experts(c, c.n_shared_experts, c.moe_intermediate_size, "n_shared_experts"),
        scoring="sigmoid",
        groups=groups,
        scale=c.routed_scaling_factor,
        normalized=stated(c, "norm_topk_prob"),
    )
    limited = groups is not None and groups[1] < groups[0]
    return with_settings(mixture, left_out=0.0) if limited else mixture
