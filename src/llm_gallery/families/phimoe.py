"""Phi-3.5-MoE: Mixtral with LayerNorm and biases, its two experts chosen one after the other by SparseMixer.

Reference: transformers/models/phimoe/modular_phimoe.py
Paper: https://arxiv.org/abs/2404.14219, https://arxiv.org/abs/2409.12136 (SparseMixer)
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import Head, layer, layer_norm, residual, with_settings
from llm_gallery.families._config import config, stated
from llm_gallery.families.llama import decoder, grouped_query
from llm_gallery.families.mixtral import Mixtral, moe


@config("phimoe", unused=("input_jitter_noise",))  # noise of training
class Phimoe(Mixtral):
    lm_head_bias: bool
    num_experts_per_tok: Literal[2]  # the class chooses two, whatever it says
    router_jitter_noise: float = 0.01  # noise of training elsewhere; SparseMixer chooses by it too


def phimoe(c: Phimoe) -> Block:
    width = c.hidden_size
    experts = with_settings(moe(c, normalized=False), sparsemixer=float(c.router_jitter_noise))
    decoder_layer = layer(
        residual(layer_norm("input_layernorm", width), grouped_query(c, window=c.sliding_window)),
        residual(layer_norm("post_attention_layernorm", width), experts),
    )
    return decoder(
        c,
        [decoder_layer] * c.num_hidden_layers,
        after=(layer_norm("norm", width),),
        head=Head(bias=stated(c, "lm_head_bias")),
    )
