"""Gated DeltaNet as Flash Linear Attention has it, naively.

https://github.com/fla-org/flash-linear-attention/blob/main/fla/layers/gated_deltanet.py and fla/ops/gated_delta_rule
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
    q, k, v = (
        silu(convolved(linear(x, w, f"{one}_proj"), w[f"{one}_conv1d.weight"])) for one in "qkv"
    )
    beta = (2 if c["allow_neg_eigval"] else 1) * sigmoid(linear(x, w, "b_proj"))
    log = -np.exp(w["A_log"]) * np.log(1 + np.exp(linear(x, w, "a_proj") + w["dt_bias"]))
    gate, heads = silu(linear(x, w, "g_proj")), len(w["A_log"])
    dim, wide, shared = c["head_dim"], v.shape[-1] // heads, heads // c["num_heads"]
    made = np.zeros_like(v)
    for h in range(heads):
        keys, own = (
            slice(h // shared * dim, (h // shared + 1) * dim),
            slice(h * wide, (h + 1) * wide),
        )
        state = np.zeros((dim, wide))
        for t in range(len(x)):
            key, query = (
                one[t, keys] / np.sqrt((one[t, keys] ** 2).sum() + 1e-6) for one in (k, q)
            )
            state = np.exp(log[t, h]) * state
            state = state + beta[t, h] * np.outer(key, v[t, own] - key @ state)
            o = query @ state / np.sqrt(dim)
            made[t, own] = rms_norm(o, w["o_norm.weight"], c["norm_eps"]) * gate[t, own]
    return linear(made, w, "o_proj")
