"""DeltaNet as Flash Linear Attention has it, naively.

https://github.com/fla-org/flash-linear-attention/blob/main/fla/layers/delta_net.py and fla/ops/delta_rule/naive.py
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


def delta(c: Config, x: Array, w: Weights) -> Array:
    """Each head's state as a matrix of rows by values and columns by keys, as the paper writes it."""
    q, k, v = (
        silu(convolved(linear(x, w, f"{one}_proj"), w[f"{one}_conv1d.weight"])) for one in "qkv"
    )
    beta = (2 if c["allow_neg_eigval"] else 1) * sigmoid(linear(x, w, "b_proj"))
    gate = silu(linear(x, w, "g_proj")) if c["use_gate"] else np.ones_like(v)
    heads = c["num_heads"]
    dim, wide = q.shape[-1] // heads, v.shape[-1] // heads
    made = np.zeros_like(v)
    for h in range(heads):
        keys, own = slice(h * dim, (h + 1) * dim), slice(h * wide, (h + 1) * wide)
        state = np.zeros((wide, dim))
        for t in range(len(x)):
            key, query = (
                one[t, keys] / np.sqrt((one[t, keys] ** 2).sum() + 1e-6) for one in (k, q)
            )
            state = state @ (np.eye(dim) - beta[t, h] * np.outer(key, key))
            state = state + beta[t, h] * np.outer(v[t, own], key)
            o = state @ query / np.sqrt(dim)
            made[t, own] = rms_norm(o, w["o_norm.weight"], c["norm_eps"]) * gate[t, own]
    return linear(made, w, "o_proj")
