"""Chameleon's language model: Llama, each head's queries and keys normed by a LayerNorm of its own.

Pictures are tokens of its vocabulary.

Reference: transformers/models/chameleon/modeling_chameleon.py
Paper: https://arxiv.org/abs/2405.09818
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import facts, layer, residual, with_settings
from llm_gallery.families._config import Declared, config
from llm_gallery.families.llama import (
    Llama,
    decoder,
    grouped_query,
    head_dim,
    kv,
    norm,
    pre_norm,
    swiglu,
)

EPS = 1e-5
"""Of the heads' norms, whatever the model's own is."""


@config("chameleon", unused=("head_dim", "model_parallel_size", "vocabulary_map"))
class ChameleonText(Llama):
    attention_bias: Declared
    head_dim: None = None  # an even share of the width
    swin_norm: bool


def chameleon(c: ChameleonText) -> Block:
    attention, mlp = head_normed_attention(c), swiglu(c)
    first, second = norm(c, "input_layernorm"), norm(c, "post_attention_layernorm")
    after = layer(residual(attention, first), residual(mlp, second))
    decoder_layer = after if c.swin_norm else pre_norm(c, attention, mlp)
    return decoder(c, [decoder_layer] * c.num_hidden_layers)


def head_normed_attention(c: ChameleonText) -> Block:
    norms = [
        head_norm("q_norm", c.num_attention_heads, head_dim(c), "query_norm"),
        head_norm("k_norm", kv(c), head_dim(c), "key_norm"),
    ]
    return grouped_query(c, qk_norm="each head its own", norms=norms)


def head_norm(name: str, heads: int, dim: int, role: str) -> Block:
    """Scales and shifts of each head, whose mean and deviation are its own."""
    shape = (int(heads), int(dim))
    tensors = (Tensor("weight", shape, role="weight"), Tensor("bias", shape, role="bias"))
    slots = facts(width=int(dim), bias=True)
    return with_settings(Block("layer_norm", name, slots, tensors, roles=(role,)), eps=EPS)
