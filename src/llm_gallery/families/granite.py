"""Granite: Llama whose embedding, branches, attention scores and output scores are multiplied by constants.

Reference: transformers/models/granite/modular_granite.py
Paper: https://arxiv.org/abs/2408.13359
"""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import layer, residual
from llm_gallery.families._config import config
from llm_gallery.families.llama import Llama, decoder, grouped_query, norm, swiglu


@config("granite", unused=("init_method",))
class Granite(Llama):
    attention_multiplier: float
    embedding_multiplier: float
    residual_multiplier: float
    logits_scaling: float


def granite(c: Granite) -> Block:
    one = layer(
        residual(norm(c, "input_layernorm"), grouped_query(c, scale_dim=scale_dim(c))),
        residual(norm(c, "post_attention_layernorm"), swiglu(c)),
    )
    return scaled(c, [one] * c.num_hidden_layers)


def scale_dim(c: Granite) -> float:
    """Multiplying the scores by m is dividing them by the root of 1 / m^2."""
    return derived(c.attention_multiplier**-2, "attention_multiplier ^ -2")


def scaled(c: Granite, layers: Sequence[Block]) -> Block:
    return decoder(
        c,
        layers,
        embedding_scale=c.embedding_multiplier,
        residual_scale=c.residual_multiplier,
        logit_scale=derived(1 / c.logits_scaling, "1 / logits_scaling"),
    )
