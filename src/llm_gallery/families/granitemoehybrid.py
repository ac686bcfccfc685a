"""Granite 4: Granite with Mamba-2 in most layers, and experts beside an MLP that every token runs.

Reference: transformers/models/granitemoehybrid/modular_granitemoehybrid.py
Model: https://huggingface.co/ibm-granite/granite-4.0-h-small
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    NO_POSITION,
    Shared,
    gated_mlp,
    layer,
    mixture_of_experts,
    residual,
    router,
    stacked_experts,
)
from llm_gallery.families._config import Count, Size, at_most, config
from llm_gallery.families._layers import each, typed
from llm_gallery.families.bamba import StateSpace, state_space
from llm_gallery.families.granite import Granite, attention, scaled
from llm_gallery.families.llama import norm

KINDS = ("linear_attention", "mamba", "full_attention", "attention")  # two spellings of each


@config("granitemoehybrid")
class GraniteExperts(Granite):
    """The keys of the experts, which Granite 3 has too."""

    num_local_experts: Count
    num_experts_per_tok: Count


@config(
    "granitemoehybrid",
    unused=("init_method", "mamba_chunk_size", "normalization_function"),
)
class GraniteMoeHybrid(GraniteExperts, StateSpace):
    shared_intermediate_size: Size
    position_embedding_type: str | None
    layer_types: tuple[str, ...] | None


def granitemoehybrid(c: GraniteMoeHybrid) -> Block:
    default = ["linear_attention"] * c.num_hidden_layers
    types = typed(c.layer_types, c.num_hidden_layers, default, KINDS)
    return scaled(c, each(types, lambda kind: decoder_layer(c, kind)))


def decoder_layer(c: GraniteMoeHybrid, kind: str) -> Block:
    rotated = c.position_embedding_type == "rope"
    always = shared_mlp(c, c.shared_intermediate_size)
    return layer(
        residual(
            norm(c, "input_layernorm"),
            attention(c, None if rotated else NO_POSITION)
            if kind in ("full_attention", "attention")
            else state_space(c),
        ),
        residual(
            norm(c, "post_attention_layernorm"),
            moe(c, Shared(always)) if c.num_local_experts else always,
        ),
    )


def shared_mlp(c: Granite, inner: int) -> Block:
    return gated_mlp(
        "shared_mlp",
        width=c.hidden_size,
        inner=inner,
        activation=c.hidden_act,
        fused=True,
        names=("input_linear", "output_linear"),
    )


def moe(c: GraniteExperts, shared: Shared | None = None) -> Block:
    """Experts under one name, the MLP beside them under another; a softmax over the chosen logits."""
    at_most(
        c.num_experts_per_tok, c.num_local_experts, ("num_experts_per_tok", "num_local_experts")
    )
    return mixture_of_experts(
        "",
        router=router(
            "block_sparse_moe.router.layer", width=c.hidden_size, experts=c.num_local_experts
        ),
        experts=stacked_experts(
            "block_sparse_moe",
            stored=c.num_local_experts,
            used=c.num_experts_per_tok,
            width=c.hidden_size,
            inner=c.intermediate_size,
            activation=c.hidden_act,
            names=("input_linear.weight", "output_linear.weight"),
            outputs_first=True,
        ),
        shared=shared,
        scoring="softmax",
        normalized=True,
    )
