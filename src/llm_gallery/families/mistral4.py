"""Mistral Small 4, text: DeepSeek V3's latent attention, its scores warmed by position, and softmax-routed experts.

Reference: transformers/models/mistral4/modular_mistral4.py
Model: https://huggingface.co/mistralai/Mistral-Small-4-119B-2603
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import mixture_of_experts, router, stacked_experts
from llm_gallery.families._config import (
    Few,
    config,
    experts_in_groups,
    stated,
)
from llm_gallery.families.deepseek_v3 import GroupedExperts, Latent, dense_then_sparse, latent
from llm_gallery.families.llama import pre_norm, shared_experts, swiglu
from llm_gallery.families.ministral3 import temperature, with_temperature


@config("mistral4", unused=("qk_head_dim", "rope_interleave"))
class Mistral4(GroupedExperts, Latent):
    sliding_window: None = (
        None  # the class masks none; the reference's cache would take one from here
    )
    num_nextn_predict_layers: Few | None = 0  # none released


def mistral4(c: Mistral4) -> Block:
    return dense_then_sparse(c, decoder_layer(c, swiglu(c)), decoder_layer(c, moe(c)))


def decoder_layer(c: Mistral4, channels: Block) -> Block:
    """Llama 4's temperature: queries grow with the logarithm of their position."""
    rope = c.rope_parameters or {}
    attention = latent(c, temperature_tuning=temperature(rope))
    return pre_norm(c, with_temperature(attention, rope), channels)


def moe(c: Mistral4) -> Block:
    experts_in_groups(c.n_routed_experts, c.num_experts_per_tok, c.n_group, c.topk_group)
    return mixture_of_experts(
        "mlp",
        router=router("gate", width=c.hidden_size, experts=c.n_routed_experts),
        experts=stacked_experts(
            "experts",
            stored=c.n_routed_experts,
            used=c.num_experts_per_tok,
            width=c.hidden_size,
            inner=c.moe_intermediate_size,
            activation=c.hidden_act,
            outputs_first=True,
        ),
        shared=shared_experts(c, c.n_shared_experts, c.moe_intermediate_size, "n_shared_experts"),
        scoring="softmax",
        groups=(c.n_group, c.topk_group),
        scale=c.routed_scaling_factor,
        normalized=stated(c, "norm_topk_prob"),
    )
