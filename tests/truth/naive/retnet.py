"""RetNet as Flash Linear Attention has it, naively: each token's answer as a sum over all before it.

https://github.com/fla-org/flash-linear-attention/blob/main/fla/layers/multiscale_retention.py and
fla/ops/retention/naive.py
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tests.truth.naive.of_fla import hybrid
from tests.truth.naive.parts import Array, Config, Weights, linear, rms_norm, silu, turned


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    return hybrid(c, weights, tokens, lambda _, x, w: retention(c, x, w))


def retention(c: Config, x: Array, w: Weights) -> Array:
    heads = c["num_heads"]
    shared = heads // (c["num_kv_heads"] or heads)
    q, k, v = (linear(x, w, f"{one}_proj") for one in "qkv")
    dim, wide = q.shape[-1] // heads, v.shape[-1] * shared // heads
    angles = 1 / 10000 ** (np.arange(0, dim, 2) / dim)
    scale = w.get("g_norm_swish_gate.weight", w.get("g_norm.weight", 1.0))
    gate = silu(linear(x, w, "g_proj")) if c["use_output_gate"] else np.ones((len(x), heads * wide))
    made = np.zeros((len(x), heads * wide))
    for h in range(heads):
        own, lent = slice(h * wide, (h + 1) * wide), h // shared
        for t in range(len(x)):
            query = turned(q[t, h * dim : (h + 1) * dim], t, angles)
            o = np.zeros(wide)
            for s in range(t + 1):
                key = turned(k[s, lent * dim : (lent + 1) * dim], s, angles)
                score = query @ key / np.sqrt(dim) * (1 - 2.0 ** (-5 - h)) ** (t - s)
                o = o + score * v[s, lent * wide : (lent + 1) * wide]
            made[t, own] = rms_norm(o, scale, c["norm_eps"]) * gate[t, own]
    return linear(made, w, "o_proj")
