"""Gated linear attention, naively.

https://github.com/fla-org/flash-linear-attention/blob/main/fla/layers/gla.py and fla/ops/gla/naive.py
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from tests.truth.naive.of_fla import hybrid, streams
from tests.truth.naive.parts import (
    Array,
    Config,
    Weights,
    linear,
    rms_norm,
    sigmoid,
    silu,
)


def gelu(x: Array) -> Array:
    return np.asarray(0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))))


MAPS: Mapping[str | None, Callable[[Array], Array]] = {
    None: lambda x: x,
    "gelu": gelu,
    "relu": lambda x: np.maximum(x, 0),
}


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    return hybrid(c, weights, tokens, lambda _, x, w: linear_attention(c, x, w))


def linear_attention(c: Config, x: Array, w: Weights) -> Array:
    heads = c["num_heads"]
    shared = heads // (c["num_kv_heads"] or heads)
    q, k, v = streams(c, x, w, "qkv", silu)
    q, k = MAPS[c["feature_map"]](q), MAPS[c["feature_map"]](k)
    log = np.log(sigmoid(linear(linear(x, w, "gk_proj.0"), w, "gk_proj.1"))) / 16
    if c["clamp_min"] is not None:
        log = np.maximum(log, c["clamp_min"])
    dim, wide = q.shape[-1] // heads, v.shape[-1] * shared // heads
    scale = w.get("g_norm_swish_gate.weight", w.get("g_norm.weight", 1.0))
    gate = silu(linear(x, w, "g_proj")) if c["use_output_gate"] else np.ones((len(x), heads * wide))
    made = np.zeros((len(x), heads * wide))
    for h in range(heads):
        lent = h // shared
        keys, values = slice(lent * dim, (lent + 1) * dim), slice(lent * wide, (lent + 1) * wide)
        own = slice(h * wide, (h + 1) * wide)
        state = np.zeros((dim, wide))
        for t in range(len(x)):
            state = np.exp(log[t, keys])[:, None] * state + np.outer(k[t, keys], v[t, values])
            o = q[t, h * dim : (h + 1) * dim] @ state / np.sqrt(dim)
            made[t, own] = rms_norm(o, scale, c["norm_eps"]) * gate[t, own]
    return linear(made, w, "o_proj")
