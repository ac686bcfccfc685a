"""Mistral: Llama with a sliding window in every layer.

Reference: transformers/models/mistral/modeling_mistral.py
Paper: https://arxiv.org/abs/2310.06825
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import Length, config
from llm_gallery.families.llama import Llama, decoder, grouped_query, pre_norm, swiglu


@config("mistral")
class Mistral(Llama):
    sliding_window: Length | None


def mistral(c: Mistral) -> Block:
    decoder_layer = pre_norm(c, grouped_query(c, window=c.sliding_window), swiglu(c))
    return decoder(c, [decoder_layer] * c.num_hidden_layers)
