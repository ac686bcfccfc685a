"""Granite MoE with Granite's windows, sinks and rotations: experts, and an MLP beside them where the config has one.

Reference: transformers/models/granitemoe_swa/modular_granitemoe_swa.py
Model: https://huggingface.co/ibm-granite/granite-swash-3b-a600m
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    Shared,
    mixture_of_experts,
    router,
    stacked_experts,
)
from llm_gallery.families._config import Count, at_most, config
from llm_gallery.families.granite import scaled
from llm_gallery.families.granite_swa import GraniteSwa, windowed
from llm_gallery.families.granitemoehybrid import GraniteExperts, shared_mlp


@config("granitemoe_swa")
class GraniteMoeSwa(GraniteExperts, GraniteSwa):
    shared_intermediate_size: Count


def granitemoe_swa(c: GraniteMoeSwa) -> Block:
    return scaled(c, windowed(c, lambda: moe(c)))


def moe(c: GraniteMoeSwa) -> Block:
    """As in Granite 3, stored under the names that newer models have."""
    experts, used, beside = c.num_local_experts, c.num_experts_per_tok, c.shared_intermediate_size
    at_most(used, experts, ("num_experts_per_tok", "num_local_experts"))
    return mixture_of_experts(
        "",
        router=router("block_sparse_moe.router", width=c.hidden_size, experts=experts),
        experts=stacked_experts(
            "block_sparse_moe.experts",
            stored=experts,
            used=used,
            width=c.hidden_size,
            inner=c.intermediate_size,
            activation=c.hidden_act,
            outputs_first=True,
        ),
        shared=Shared(shared_mlp(c, beside)) if beside else None,
        scoring="softmax",
        normalized=True,
    )
