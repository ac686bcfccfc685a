"""Phi-3 and Phi-4: Llama with q, k, v stored as one matrix, and gate and up as another.

Reference: transformers/models/phi3/modeling_phi3.py
Paper: https://arxiv.org/abs/2404.14219, https://arxiv.org/abs/2412.08905
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import gated_mlp, layer, linear, residual
from llm_gallery.families._config import Length, config
from llm_gallery.families.llama import Llama, decoder, grouped_query, head_dim, kv, norm


@config("phi3")
class Phi3(Llama):
    sliding_window: Length | None
    original_max_position_embeddings: Length | None = None


def phi3(c: Phi3) -> Block:
    one = layer(
        residual(norm(c, "input_layernorm"), fused_attention(c)),
        residual(norm(c, "post_attention_layernorm"), fused_mlp(c)),
    )
    return decoder(c, [one] * c.num_hidden_layers)


def fused_mlp(c: Llama) -> Block:
    """SwiGLU whose gate and up are rows of one matrix."""
    return gated_mlp(
        "mlp",
        width=c.hidden_size,
        inner=c.intermediate_size,
        activation=c.hidden_act,
        fused=True,
    )


def fused_attention(c: Phi3) -> Block:
    """Grouped-query attention whose three input projections are rows of one matrix, without bias."""
    queries, keys = c.num_attention_heads * head_dim(c), kv(c) * head_dim(c)
    stored = (
        linear("qkv_proj", c.hidden_size, queries + 2 * keys),
        linear("o_proj", queries, c.hidden_size),
    )
    return replace(grouped_query(c, window=c.sliding_window), inside=stored)
