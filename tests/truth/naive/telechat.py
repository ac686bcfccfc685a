"""TeleChat and TeleChat 2, naively, after the releases' own code.

https://github.com/Tele-AI/Telechat/blob/master/models/7B/modeling_telechat.py
https://github.com/Tele-AI/TeleChat2/blob/main/model/115B/modeling_telechat.py
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, log2

import numpy as np

from tests.truth.naive.parts import (
    Array,
    Below,
    Config,
    Weights,
    attended,
    linear,
    rms_norm,
    silu,
    turned,
)


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    """Of all next tokens, (tokens, vocabulary); the embedding's rows score where no head is stored."""
    w, eps = Below(weights, "transformer"), c["layer_norm_epsilon"]
    table = w["word_embeddings.weight"]
    x = table[list(tokens)]
    if c.get("embed_layernorm"):
        x = rms_norm(x, w["word_embeddings_layernorm.weight"], eps)
    for i in range(c["n_layer"]):
        one = Below(w, f"h.{i}")
        y = rms_norm(x, one["input_layernorm.weight"], eps)
        x = x + attention(c, Below(one, "self_attention"), y)
        y = rms_norm(x, one["post_attention_layernorm.weight"], eps)
        mlp = Below(one, "mlp")
        inner = silu(linear(y, mlp, "gate_proj")) * linear(y, mlp, "up_proj")
        x = x + linear(inner, mlp, "down_proj")
    x = rms_norm(x, w["ln_f.weight"], eps)
    return np.asarray(x @ weights.get("lm_head.weight", table).T)


def frequencies(c: Config, dim: int) -> Array:
    """As `RotaryEmbedding` makes them for a text no longer than those of training."""
    meant = c.get("base_seqlen") or (4096 if c["vocab_size"] == 160256 else 8192)
    alpha = max(2 ** ceil(log2(c["training_seqlen"] / meant) + 1) - 1, 1)
    base = 10000 * alpha ** (dim / (dim - 2))
    return np.asarray(1 / base ** (np.arange(0, dim, 2) / dim))


def attention(c: Config, w: Weights, x: Array) -> Array:
    """A head's key and value stand beside each other."""
    heads = c["n_head"]
    shared, dim = c.get("num_key_value_heads") or heads, c["hidden_size"] // heads
    q = linear(x, w, "query").reshape(len(x), heads, dim)
    pairs = linear(x, w, "key_value").reshape(len(x), shared, 2 * dim)
    speeds, each = frequencies(c, dim), heads // shared
    made = attended(
        lambda t, h: turned(q[t, h], t, speeds),
        lambda t, h: turned(pairs[t, h // each, :dim], t, speeds),
        lambda t, h: pairs[t, h // each, dim:],
        (len(x), heads),
        dim**-0.5,
    )
    return linear(made.reshape(len(x), -1), w, "dense")
