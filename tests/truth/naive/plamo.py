"""PLaMo, naively, after the release's own code.

https://huggingface.co/pfnet/plamo-13b/blob/main/modeling_plamo.py
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

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
    """Of all next tokens, (tokens, vocabulary)."""
    w, eps = Below(weights, "model"), c["rms_norm_eps"]
    table = w["embed_tokens.weight"]
    x = table[list(tokens)]
    for i in range(c["num_hidden_layers"]):
        one = Below(w, f"layers.layers.{i}")
        y = rms_norm(x, one["norm.weight"], eps)
        inner = silu(linear(y, one, "mlp.gate_proj")) * linear(y, one, "mlp.up_proj")
        x = x + attention(c, Below(one, "self_attn"), y) + linear(inner, one, "mlp.down_proj")
    return np.asarray(rms_norm(x, w["norm.weight"], eps) @ weights.get("lm_head.weight", table).T)


def attention(c: Config, w: Weights, x: Array) -> Array:
    """All keys one after another, over and over, until each query has one."""
    heads = c["num_attention_heads"]
    shared, dim = ceil(heads / c["n_shared_head"]), c["hidden_size"] // heads
    q = linear(x, w, "q_proj").reshape(len(x), heads, dim)
    k = linear(x, w, "k_proj").reshape(len(x), shared, dim)
    v = linear(x, w, "v_proj").reshape(len(x), shared, dim)
    speeds = 1 / 10000 ** (np.arange(0, dim, 2) / dim)
    made = attended(
        lambda t, h: turned(q[t, h], t, speeds),
        lambda t, h: turned(k[t, h % shared], t, speeds),
        lambda t, h: v[t, h % shared],
        (len(x), heads),
        dim**-0.5,
    )
    return linear(made.reshape(len(x), -1), w, "o_proj")
