"""Qwen3 MoE: Qwen3 with a softmax-routed mixture of narrow experts, none of them shared.

Reference: transformers/models/qwen3_moe/modular_qwen3_moe.py
Paper: https://arxiv.org/abs/2505.09388
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import Shared, experts, mixture_of_experts, router
from llm_gallery.families._config import Count, Length, Size, at_most, config, stated
from llm_gallery.families._layers import each, sparse
from llm_gallery.families.llama import Llama, decoder, grouped_query, pre_norm, swiglu


@config("qwen3_moe")
class Experts(Llama):
    """The keys of the experts alone, which others take over with a schedule of their own."""

    num_experts: Count
    num_experts_per_tok: Size
    moe_intermediate_size: Size
    norm_topk_prob: bool = True  # as the classes do that have no such key


@config("qwen3_moe", unused=("qkv_bias", "shared_expert_intermediate_size", "use_qk_norm"))
class Qwen3Moe(Experts):
    use_sliding_window: bool
    sliding_window: Length | None
    decoder_sparse_step: Size
    mlp_only_layers: tuple[Count, ...] | None
    max_window_layers: Count | None = None  # read by older versions of the reference only


def qwen3_moe(c: Qwen3Moe) -> Block:
    window = c.sliding_window if c.use_sliding_window else None
    attention = grouped_query(c, qk_norm="per head", window=window)
    has_experts = sparse(
        c.num_hidden_layers, c.decoder_sparse_step, c.mlp_only_layers, c.num_experts
    )
    return decoder(
        c,
        each(
            has_experts,
            lambda with_experts: pre_norm(c, attention, moe(c) if with_experts else swiglu(c)),
        ),
    )


def moe(c: Experts, shared: Shared | None = None) -> Block:
    at_most(c.num_experts_per_tok, c.num_experts, ("num_experts_per_tok", "num_experts"))
    expert = swiglu(c, "experts", c.moe_intermediate_size)
    return mixture_of_experts(
        "mlp",
        router=router("gate", width=c.hidden_size, experts=c.num_experts),
        experts=experts(expert, stored=c.num_experts, used=c.num_experts_per_tok),
        shared=shared,
        scoring="softmax",
        normalized=stated(c, "norm_topk_prob"),
    )
