"""Granite: Llama whose embedding, branches, attention scores and output scores are multiplied by constants.

Reference: transformers/models/granite/modular_granite.py
Paper: https://arxiv.org/abs/2408.13359
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import Head, Positions, Scaling
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import config
from llm_gallery.families.llama import Llama, decoder, grouped_query, head_dim, pre_norm, swiglu

EXACT = 2**53
"""From here on every float is a whole number."""


@config("granite", unused=("init_method",))
class Granite(Llama):
    attention_multiplier: float
    embedding_multiplier: float
    residual_multiplier: float
    logits_scaling: float


def granite(c: Granite) -> Block:
    decoder_layer = pre_norm(c, attention(c), swiglu(c))
    return scaled(c, [decoder_layer] * c.num_hidden_layers)


def attention(
    c: Granite,
    positions: Positions | None = None,
    *,
    window: int | None = None,
    sinks: bool = False,
) -> Block:
    scaling = multiplied(c, c.attention_multiplier)
    return grouped_query(c, positions=positions, window=window, sinks=sinks, scaling=scaling)


def multiplied(c: Llama, factor: float) -> Scaling:
    """Multiplying the scores by m is dividing them by the root of 1 / m^2, where that is whole."""
    square = factor**-2 if factor > 0 else 0.5
    if square < EXACT and square.is_integer():
        return Scaling(scale_dim=derived(int(square), "attention_multiplier ^ -2"))
    beside = derived(factor * sqrt(head_dim(c)), "attention_multiplier x sqrt(head_dim)")
    return Scaling(score_scale=beside)


def scaled(c: Granite, layers: Sequence[Block]) -> Block:
    if c.logits_scaling <= 0:
        raise Refusal(
            f"logits_scaling is {quoted(c.logits_scaling)}, expected a positive number; correct it"
        )
    return decoder(
        c,
        layers,
        embedding_scale=c.embedding_multiplier,
        residual_scale=c.residual_multiplier,
        head=Head(scale=derived(1 / c.logits_scaling, "1 / logits_scaling")),
    )
