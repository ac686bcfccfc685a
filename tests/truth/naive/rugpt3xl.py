"""ruGPT-3 XL, naively, after the release's code for transformers: the whole layout of blocks first, then what it lets through.

https://huggingface.co/evilfreelancer/ruGPT3XL/blob/main/modeling_rugpt3xl.py
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt, tanh

import numpy as np

from tests.truth.naive.jais import normed
from tests.truth.naive.parts import Array, Below, Config, Weights, linear, softmax


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    """Of all next tokens, (tokens, vocabulary)."""
    w, eps = Below(weights, "model"), c["layer_norm_eps"]
    table = w["embed_tokens.weight"]
    x = table[list(tokens)] + w["embed_positions.weight"][: len(tokens)]
    for i in range(c["num_hidden_layers"]):
        one = Below(w, f"layers.{i}")
        sparse = c["sparse_mode"] == "all" or (c["sparse_mode"] == "alternating" and i % 2 == 0)
        x = x + attention(
            c, Below(one, "self_attn"), normed(x, one, "input_layernorm", eps), sparse
        )
        y = linear(normed(x, one, "post_attention_layernorm", eps), one, "mlp.up_proj")
        x = x + linear(np.vectorize(gelu_new)(y), one, "mlp.down_proj")
    return np.asarray(normed(x, w, "norm", eps) @ weights.get("lm_head.weight", table).T)


def gelu_new(x: float) -> float:
    return 0.5 * x * (1 + tanh(sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


def layout(c: Config) -> Array:
    """Which blocks of a full context a block reads, head by head: (heads, blocks, blocks)."""
    heads, blocks = c["num_attention_heads"], c["max_position_embeddings"] // c["sparse_block_size"]
    local, seen = c["sparse_num_local_blocks"], c["sparse_num_global_blocks"]
    made = np.zeros((heads, blocks, blocks), bool)
    for start in range(0, blocks, local):
        for row in range(start, start + local):
            made[:, row, start : row + 1] = True
    for h in range(heads):
        first = local - (1 + h % c["sparse_num_different_global_patterns"]) * seen
        for start in range(first, blocks, local):
            made[h, start:, start : start + seen] = True
    return made


def attention(c: Config, w: Weights, x: Array, sparse: bool) -> Array:
    heads, size = c["num_attention_heads"], c["sparse_block_size"]
    dim, read = x.shape[-1] // heads, layout(c)
    q, k, v = (linear(x, w, f"{name}_proj") for name in "qkv")
    made = np.zeros_like(x)
    for h in range(heads):
        own = slice(h * dim, (h + 1) * dim)
        for t in range(len(x)):
            seen = [s for s in range(t + 1) if not sparse or read[h, t // size, s // size]]
            p = softmax(k[seen, own] @ q[t, own] / sqrt(dim))
            made[t, own] = p @ v[seen, own]
    return linear(made, w, "o_proj")
