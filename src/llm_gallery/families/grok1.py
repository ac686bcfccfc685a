"""Grok 2.5: Gemma 2's four norms and bounded scores around a dense MLP and experts that run side by side.

Reference: sglang/srt/models/grok.py
Model: https://huggingface.co/xai-org/grok-2

The config calls itself "git", which is a captioning model; its class tells. The reference divides the
sum of MLP and experts by the root of two, which the norm behind it undoes but for its epsilon. Its GELU
is the exact one in both, where it runs on CUDA (sglang/srt/layers/elementwise.py).
"""

from __future__ import annotations

from math import sqrt
from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    Head,
    Scaling,
    added,
    experts,
    gated_mlp,
    layer,
    mixture_of_experts,
    residual,
    router,
    with_settings,
)
from llm_gallery.families._config import Length, Size, at_most, config
from llm_gallery.families._rope_scale import tempered
from llm_gallery.families.llama import Llama, decoder, grouped_query, norm, swiglu

OF_THE_EXTENSION = (
    "rope_type", "original_max_position_embeddings", "scaling_factor", "extrapolation_factor",
    "attn_factor", "beta_fast", "beta_slow",
)  # fmt: skip
"""Keys of a context extension whose kind, "original", leaves the rotation as it is."""


@config("grok1", unused=OF_THE_EXTENSION[1:])
class Grok1(Llama):
    hidden_act: Literal["gelu"] = "gelu"  # as the reference computes
    tie_word_embeddings: bool = False  # the reference always builds a head
    moe_intermediate_size: Size
    num_local_experts: Size
    num_experts_per_tok: Size
    residual_moe: Literal[True]
    attn_logit_softcapping: float
    router_logit_softcapping: float
    final_logit_softcapping: float
    embedding_multiplier_scale: float
    output_multiplier_scale: float
    attn_temperature_len: Length
    rope_type: Literal["original"]
    sliding_window_size: Literal[-1]
    global_attn_every_n: Literal[1]


def grok1(c: Grok1) -> Block:
    attention = grouped_query(
        c,
        scaling=Scaling(
            softcap=c.attn_logit_softcapping, temperature_tuning=tempered(c, "attn_temperature_len")
        ),
    )
    attention = with_settings(
        attention, temperature_length=int(c.attn_temperature_len), temperature_after=True
    )
    both = with_settings(added(swiglu(c), moe(c)), sum_scale=sqrt(0.5))
    decoder_layer = layer(
        residual(norm(c, "pre_attn_norm"), attention, norm(c, "post_attn_norm")),
        residual(norm(c, "pre_moe_norm"), both, norm(c, "post_moe_norm")),
    )
    return decoder(
        c,
        [decoder_layer] * c.num_hidden_layers,
        head=Head(softcap=c.final_logit_softcapping, scale=c.output_multiplier_scale),
        embedding_scale=c.embedding_multiplier_scale,
    )


def moe(c: Grok1) -> Block:
    """Mixtral's names; the weights are a softmax over all experts, of which the chosen keep theirs."""
    stored, used = c.num_local_experts, c.num_experts_per_tok
    at_most(used, stored, ("num_experts_per_tok", "num_local_experts"))
    expert = gated_mlp(
        "experts",
        width=c.hidden_size,
        inner=c.moe_intermediate_size,
        activation=c.hidden_act,
        names=("w1", "w3", "w2"),
    )
    return mixture_of_experts(
        "block_sparse_moe",
        router=router("gate", width=c.hidden_size, experts=stored),
        experts=experts(expert, stored=stored, used=used),
        scoring="softmax",
        normalized=False,
        softcap=c.router_logit_softcapping,
    )
