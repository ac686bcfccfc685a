"""Kimi Delta Attention as Flash Linear Attention has it, naively.

https://github.com/fla-org/flash-linear-attention/blob/main/fla/layers/kda.py, fla/ops/kda/naive.py and gate.py
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tests.truth.naive.of_fla import hybrid
from tests.truth.naive.parts import (
    Array,
    Config,
    Weights,
    convolved,
    linear,
    rms_norm,
    sigmoid,
    silu,
)


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    return hybrid(c, weights, tokens, lambda _, x, w: delta(c, x, w))


def fading(c: Config, x: Array, w: Weights) -> Array:
    """The logarithm of each channel's decay."""
    f = linear(linear(x, w, "f_proj.0"), w, "f_proj.1") + w["dt_bias"]
    rate = np.repeat(np.exp(w["A_log"]), c["head_dim"])
    if c["lower_bound"] is None:
        return np.asarray(-rate * np.log(1 + np.exp(f)))
    return np.asarray(c["lower_bound"] * sigmoid(rate * f))


def delta(c: Config, x: Array, w: Weights) -> Array:
    """Each head's state as a matrix of rows by values and columns by keys, as the paper writes it."""
    q, k, v = (
        silu(convolved(linear(x, w, f"{one}_proj"), w[f"{one}_conv1d.weight"])) for one in "qkv"
    )
    beta = (2 if c["allow_neg_eigval"] else 1) * sigmoid(linear(x, w, "b_proj"))
    gate = sigmoid(linear(linear(x, w, "g_proj.0"), w, "g_proj.1"))
    fade, dim = np.exp(fading(c, x, w)), c["head_dim"]
    made = np.zeros_like(v)
    for h in range(c["num_heads"]):
        own = slice(h * dim, (h + 1) * dim)
        state = np.zeros((dim, dim))
        for t in range(len(x)):
            key, query = (one[t, own] / np.sqrt((one[t, own] ** 2).sum() + 1e-6) for one in (k, q))
            state = state * fade[t, own]
            state = state @ (np.eye(dim) - beta[t, h] * np.outer(key, key))
            state = state + beta[t, h] * np.outer(v[t, own], key)
            o = state @ query / np.sqrt(dim)
            made[t, own] = rms_norm(o, w["o_norm.weight"], c["norm_eps"]) * gate[t, own]
    return linear(made, w, "o_proj")
