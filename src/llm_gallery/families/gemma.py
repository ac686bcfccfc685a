"""Gemma: Llama with a GeGLU MLP, heads of a size of their own, and the embedding scaled by the root of its width.

Reference: transformers/models/gemma/modular_gemma.py
Paper: https://arxiv.org/abs/2403.08295
"""

from __future__ import annotations

from math import sqrt

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.families._config import altered, config
from llm_gallery.families.llama import Llama, decoder, grouped_query, pre_norm, swiglu


@config(
    "gemma", unused=("hidden_activation",), computes={"offset": 1.0}
)  # of old releases; the reference reads hidden_act
class Gemma(Llama):
    use_bidirectional_attention: bool | None


def gemma(c: Gemma) -> Block:
    decoder_layer = pre_norm(c, grouped_query(c), swiglu(approximate_gelu(c)))
    return decoder(c, [decoder_layer] * c.num_hidden_layers, embedding_scale=root_of_width(c))


def root_of_width(c: Llama) -> float:
    """What multiplies the embedding before the first layer."""
    return derived(sqrt(c.hidden_size), "sqrt(hidden_size)")


def approximate_gelu(c: Gemma) -> Gemma:
    """The first releases say "gelu" and mean its approximation, as the reference reads it."""
    if c.hidden_act != "gelu":
        return c
    return altered(c, hidden_act=derived("gelu_pytorch_tanh", "hidden_act = gelu"))
