"""Persimmon: GPT-NeoX's matrices with q and k normed head by head and half of each head rotated.

Reference: transformers/models/persimmon/modeling_persimmon.py
Report: https://www.adept.ai/blog/persimmon-8b
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import fused, layer, layer_norm, plain_mlp, residual
from llm_gallery.families._config import Size, config, same
from llm_gallery.families.llama import decoder
from llm_gallery.families.phi import Phi, attention


@config("persimmon", unused=("head_dim",))
class Persimmon(Phi):
    num_key_value_heads: Size | None = None  # released files state it; no code reads it


def persimmon(c: Persimmon) -> Block:
    if c.num_key_value_heads is not None:
        names = ("num_key_value_heads", "num_attention_heads")
        same(c.num_key_value_heads, c.num_attention_heads, names)
    width = c.hidden_size
    mlp = plain_mlp(
        "mlp",
        width=width,
        inner=c.intermediate_size,
        activation=c.hidden_act,
        names=("dense_h_to_4h", "dense_4h_to_h"),
        bias=True,
    )
    decoder_layer = layer(
        residual(
            layer_norm("input_layernorm", width),
            fused(attention(c), "query_key_value", "dense", groups=c.num_attention_heads),
        ),
        residual(layer_norm("post_attention_layernorm", width), mlp),
    )
    final = layer_norm("final_layernorm", width)
    return decoder(c, [decoder_layer] * c.num_hidden_layers, after=(final,))
