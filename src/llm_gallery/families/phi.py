"""Phi-1, 1.5 and 2: attention and a plain MLP side by side after one LayerNorm, biases everywhere, half of each head rotated.

Reference: transformers/models/phi/modular_phi.py
Paper: https://arxiv.org/abs/2309.05463
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    Head,
    added,
    layer,
    layer_norm,
    plain_mlp,
    renamed,
    residual,
)
from llm_gallery.families._config import config
from llm_gallery.families.llama import Llama, decoder, grouped_query, head_dim, switched_norm


@config("phi")
class Phi(Llama):
    partial_rotary_factor: float
    qk_layernorm: bool


def phi(c: Phi) -> Block:
    width = c.hidden_size
    mlp = plain_mlp(
        "mlp",
        width=width,
        inner=c.intermediate_size,
        activation=c.hidden_act,
        names=("fc1", "fc2"),
        bias=True,
    )
    decoder_layer = layer(residual(layer_norm("input_layernorm", width), added(attention(c), mlp)))
    last = layer_norm("final_layernorm", width)
    return decoder(c, [decoder_layer] * c.num_hidden_layers, after=(last,), head=Head(bias=True))


def attention(c: Phi) -> Block:
    norms = [
        layer_norm("q_layernorm", head_dim(c), role="query_norm"),
        layer_norm("k_layernorm", head_dim(c), role="key_norm"),
    ]
    normed = switched_norm(c, "qk_layernorm", "per head")
    mixer = grouped_query(c, bias=True, qk_norm=normed, norms=norms)
    return renamed(mixer, {"o_proj": "dense"})
