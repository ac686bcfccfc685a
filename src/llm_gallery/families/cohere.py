"""Command R: attention and MLP side by side after one LayerNorm without shift, added to the stream together.

Reference: transformers/models/cohere/modular_cohere.py
Model: https://huggingface.co/CohereLabs/c4ai-command-r-v01
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import Head, added, facts, layer, layer_norm, residual
from llm_gallery.families._config import config
from llm_gallery.families.llama import (
    Llama,
    decoder,
    grouped_query,
    head_dim,
    kv,
    swiglu,
    switched_norm,
)


@config("cohere", unused=("model_max_length",), computes={"pairs": True})
class Cohere(Llama):
    logit_scale: float
    use_qk_norm: bool


def cohere(c: Cohere) -> Block:
    decoder_layer = parallel(norm(c, "input_layernorm"), attention(c), swiglu(c))
    layers = [decoder_layer] * c.num_hidden_layers
    return decoder(c, layers, after=(norm(c, "norm"),), head=Head(scale=c.logit_scale))


def attention(c: Cohere) -> Block:
    """Every head of q and k has a norm of its own where they are normed at all."""
    norms = [
        head_norm("q_norm", c.num_attention_heads, head_dim(c), "query_norm"),
        head_norm("k_norm", kv(c), head_dim(c), "key_norm"),
    ]
    normed = switched_norm(c, "use_qk_norm", "each head its own")
    return grouped_query(c, qk_norm=normed, norms=norms)


def head_norm(name: str, heads: int, dim: int, role: str) -> Block:
    weight = Tensor("weight", (int(heads), int(dim)))
    slots = facts(width=int(dim), bias=False)
    return Block("layer_norm", name, slots, (weight,), roles=(role,))


def parallel(norm: Block, attention: Block, channels: Block) -> Block:
    """x + attention(norm(x)) + channels(norm(x)), with one norm."""
    return layer(residual(norm, added(attention, channels)))


def norm(c: Llama, name: str) -> Block:
    return layer_norm(name, c.hidden_size, bias=False)
