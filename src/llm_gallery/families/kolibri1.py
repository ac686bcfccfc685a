"""Kolibri: Qwen3 MoE with norms on both sides of a branch, rotation in its windowed layers alone, and experts chosen by biased logits, weighted by sigmoids, beside a shared one.

Reference: transformers/models/kolibri1/modular_kolibri1.py
Model: https://huggingface.co/Aleph-Alpha/Kolibri-1
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    NO_POSITION,
    Shared,
    experts,
    facts,
    layer,
    mixture_of_experts,
    residual,
    router,
)
from llm_gallery.families._config import Count, Length, at_most, config, stated
from llm_gallery.families._layers import each, every_nth, sliding
from llm_gallery.families.llama import decoder, grouped_query, norm, swiglu
from llm_gallery.families.qwen2_moe import SharedExpert


@config("kolibri1")
class Kolibri1(SharedExpert):
    intermediate_size: Count = 0  # no layer is dense
    sliding_window: Length
    layer_types: tuple[str, ...] | None


def kolibri1(c: Kolibri1) -> Block:
    count = c.num_hidden_layers
    local = sliding(c.layer_types, count, every_nth(5, count))
    return decoder(c, each(local, lambda windowed: decoder_layer(c, windowed)))


def decoder_layer(c: Kolibri1, local: bool) -> Block:
    """A window and rotation, or neither."""
    tokens = grouped_query(
        c,
        qk_norm="per head",
        window=c.sliding_window if local else None,
        positions=None if local else NO_POSITION,
    )
    return layer(
        residual(norm(c, "input_layernorm"), tokens, norm(c, "post_attn_norm")),
        residual(norm(c, "post_attention_layernorm"), moe(c), norm(c, "post_ffn_norm")),
    )


def moe(c: Kolibri1) -> Block:
    """The bias of the choice is added to the logits, and stored under another name than the rest."""
    at_most(c.num_experts_per_tok, c.num_experts, ("num_experts_per_tok", "num_experts"))
    mixture = mixture_of_experts(
        "",
        router=router(
            "mlp.gate",
            width=c.hidden_size,
            experts=c.num_experts,
            beside="moe.router.expert_bias",
        ),
        experts=experts(
            swiglu(c, "mlp.experts", c.moe_intermediate_size),
            stored=c.num_experts,
            used=c.num_experts_per_tok,
        ),
        shared=Shared(swiglu(c, "mlp.shared_experts", c.shared_expert_intermediate_size)),
        scoring="sigmoid",
        normalized=stated(c, "norm_topk_prob"),
    )
    return replace(mixture, facts={**mixture.facts, **facts(chosen_by="logits")})
