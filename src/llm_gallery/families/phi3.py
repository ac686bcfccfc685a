"""Phi-3 and Phi-4: Llama with q, k, v stored as one matrix, and gate and up as another.

Reference: transformers/models/phi3/modeling_phi3.py
Paper: https://arxiv.org/abs/2404.14219, https://arxiv.org/abs/2412.08905
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import fused, gated_mlp
from llm_gallery.families._config import Length, config
from llm_gallery.families.llama import Llama, decoder, grouped_query, pre_norm


@config("phi3", unused=("full_attn_mod", "interpolate_factor", "lm_head_bias"))
class Phi3(Llama):
    sliding_window: Length | None


def phi3(c: Phi3) -> Block:
    attention = grouped_query(c, window=c.sliding_window, bias=False)
    decoder_layer = pre_norm(c, fused(attention, "qkv_proj", "o_proj"), fused_mlp(c))
    return decoder(c, [decoder_layer] * c.num_hidden_layers)


def fused_mlp(c: Llama) -> Block:
    """SwiGLU whose gate and up are rows of one matrix."""
    return gated_mlp(
        "mlp",
        width=c.hidden_size,
        inner=c.intermediate_size,
        activation=c.hidden_act,
        fused=True,
    )
