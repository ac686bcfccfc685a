"""Nemotron-4 and Minitron: Llama with LayerNorm, half of each head rotated, and a plain MLP of squared ReLU.

Reference: transformers/models/nemotron/modeling_nemotron.py
Paper: https://arxiv.org/abs/2402.16819
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import layer, layer_norm, residual
from llm_gallery.families._config import config
from llm_gallery.families.llama import Llama, decoder, grouped_query, ungated_mlp


@config("nemotron", computes={"offset": 1.0})
class Nemotron(Llama):
    partial_rotary_factor: float


def nemotron(c: Nemotron) -> Block:
    width = c.hidden_size
    decoder_layer = layer(
        residual(layer_norm("input_layernorm", width), grouped_query(c)),
        residual(layer_norm("post_attention_layernorm", width), ungated_mlp(c)),
    )
    return decoder(c, [decoder_layer] * c.num_hidden_layers, after=(layer_norm("norm", width),))
