"""Gated slot attention as Flash Linear Attention has it, naively: slots one by one.

https://github.com/fla-org/flash-linear-attention/blob/main/fla/layers/gsa.py and fla/ops/gsa/naive.py
"""

from __future__ import annotations

from collections.abc import Sequence

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
    softmax,
)


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    return hybrid(c, weights, tokens, lambda _, x, w: slots(c, x, w))


def slots(c: Config, x: Array, w: Weights) -> Array:
    heads = c["num_heads"]
    shared = heads // (c["num_kv_heads"] or heads)
    q, k, v = streams(c, x, w, "qkv", silu)
    if c["feature_map"] == "relu":
        q, k = np.maximum(q, 0), np.maximum(k, 0)
    else:
        q, k = silu(q), silu(k)
    v = silu(v)
    dim, wide = q.shape[-1] // heads, x.shape[-1] // heads
    count = dim if c["num_slots"] is None else c["num_slots"]
    fade = sigmoid(linear(x, w, "f_proj")) ** (1 / c["gate_logit_normalizer"])
    made = np.zeros_like(x)
    for h in range(heads):
        lent = h // shared
        key, value = slice(lent * dim, (lent + 1) * dim), slice(lent * wide, (lent + 1) * wide)
        keys, values = np.zeros((count, dim)), np.zeros((count, wide))
        for t in range(len(x)):
            for m in range(count):
                stays = fade[t, lent * count + m]
                keys[m] = stays * keys[m] + (1 - stays) * k[t, key]
                values[m] = stays * values[m] + (1 - stays) * v[t, value]
            shares = softmax(keys @ q[t, h * dim : (h + 1) * dim])
            made[t, h * wide : (h + 1) * wide] = shares @ values
    return linear(rms_norm(silu(made), w.get("g_norm.weight", 1.0), 1e-5), w, "o_proj")
