"""Aria, text: Llama with routed and shared experts in every layer, a softmax over the chosen ones, two matrices for all of a layer.

Reference: transformers/models/aria/modular_aria.py
Paper: https://arxiv.org/abs/2410.05993
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import Shared, mixture_of_experts, router, stacked_experts
from llm_gallery.families._config import Size, at_most, config, same
from llm_gallery.families.llama import Llama, decoder, grouped_query, pre_norm, swiglu


@config("aria_text")
class AriaText(Llama):
    moe_num_experts: Size
    moe_topk: Size
    moe_num_shared_experts: Size
    num_experts_per_tok: Size | None = None  # the released file states both


def aria_text(c: AriaText) -> Block:
    return decoder(c, [pre_norm(c, grouped_query(c), moe(c))] * c.num_hidden_layers)


def moe(c: AriaText) -> Block:
    """The routed experts have SiLU whatever `hidden_act` says; the shared ones are one MLP."""
    if c.num_experts_per_tok is not None:
        same(c.num_experts_per_tok, c.moe_topk, ("num_experts_per_tok", "moe_topk"))
    at_most(c.moe_topk, c.moe_num_experts, ("moe_topk", "moe_num_experts"))
    shared = derived(
        c.moe_num_shared_experts * c.intermediate_size, "moe_num_shared_experts x intermediate_size"
    )
    return mixture_of_experts(
        "mlp",
        router=router("router", width=c.hidden_size, experts=c.moe_num_experts),
        experts=stacked_experts(
            "experts",
            stored=c.moe_num_experts,
            used=c.moe_topk,
            width=c.hidden_size,
            inner=c.intermediate_size,
            activation="silu",
            names=("fc1.weight", "fc2.weight"),
        ),
        shared=Shared(swiglu(c, "shared_experts", shared), c.moe_num_shared_experts),
        scoring="softmax",
        normalized=True,
    )
