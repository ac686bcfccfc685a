"""LightNet as Flash Linear Attention has it, naively: each token's answer as a sum over all before it.

https://github.com/fla-org/flash-linear-attention/blob/main/fla/layers/lightnet.py and fla/ops/gla/naive.py
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tests.truth.naive.of_fla import hybrid, streams
from tests.truth.naive.parts import Array, Config, Weights, linear, rms_norm, silu


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    told = {**(c["attn"] or {"layers": ()}), "rope_theta": 10000.0}  # of no other base
    return hybrid({**c, "attn": told}, weights, tokens, lambda _, x, w: means(c, x, w))


def means(c: Config, x: Array, w: Weights) -> Array:
    q, k, v = streams(c, x, w, "qkv")
    width = x.shape[-1]
    heads = c["num_heads"] or width // c["expand_ratio"]
    dim, wide = q.shape[-1] // heads, width // heads
    made = np.zeros_like(x)
    for h in range(heads):
        keys, own = slice(h * dim, (h + 1) * dim), slice(h * wide, (h + 1) * wide)
        for t in range(len(x)):
            shares = np.exp(k[: t + 1, keys])
            shares = shares / shares.sum(axis=0)
            made[t, own] = (shares * silu(q[t, keys])).sum(axis=1) @ v[: t + 1, own] / np.sqrt(dim)
    normed = rms_norm(made, w.get("g_norm.weight", 1.0), 1e-6)
    gate = silu(linear(linear(x, w, "g_proj.0"), w, "g_proj.1"))
    return linear(normed * gate, w, "o_proj")
