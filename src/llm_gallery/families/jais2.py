"""Jais 2: Llama with LayerNorm, biases, and a plain MLP of squared ReLU.

Reference: transformers/models/jais2/modular_jais2.py
Model: https://huggingface.co/inceptionai/Jais-2-8B-Chat
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import layer, layer_norm, residual
from llm_gallery.families._config import config
from llm_gallery.families.llama import Llama, decoder, grouped_query, ungated_mlp


@config("jais2")
class Jais2(Llama):
    pass


def jais2(c: Jais2) -> Block:
    width = c.hidden_size
    decoder_layer = layer(
        residual(layer_norm("input_layernorm", width), grouped_query(c)),
        residual(layer_norm("post_attention_layernorm", width), ungated_mlp(c)),
    )
    return decoder(c, [decoder_layer] * c.num_hidden_layers, after=(layer_norm("norm", width),))
