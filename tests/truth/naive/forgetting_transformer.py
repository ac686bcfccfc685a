"""The Forgetting Transformer as Flash Linear Attention has it, naively: what is left of a key is a product of gates.

https://github.com/fla-org/flash-linear-attention/blob/main/fla/layers/forgetting_attn.py and
fla/ops/forgetting_attn/naive.py
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tests.truth.naive.of_fla import layered
from tests.truth.naive.parts import Array, Config, Weights, linear, rms_norm, sigmoid


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    return layered(c, weights, tokens, lambda _, x, w: forgetting(c, x, w))


def forgetting(c: Config, x: Array, w: Weights) -> Array:
    heads = c["num_heads"]
    shared = heads // (c["num_kv_heads"] or heads)
    q, k, v = (linear(x, w, f"{one}_proj") for one in "qkv")
    stays, dim = sigmoid(linear(x, w, "f_proj")), x.shape[-1] // heads
    made = np.zeros_like(x)
    for h in range(heads):
        own = slice(h * dim, (h + 1) * dim)
        lent = slice(h // shared * dim, (h // shared + 1) * dim)
        asks, keys = q[:, own], k[:, lent]
        if c["qk_norm"]:
            asks = rms_norm(asks, w["q_norm.weight"][own], 1e-5)
            keys = rms_norm(keys, w["k_norm.weight"][lent], 1e-5)
        for t in range(len(x)):
            seen = range(t + 1)
            left = np.array([np.prod(stays[s + 1 : t + 1, h]) for s in seen])
            shares = left * np.exp(keys[: t + 1] @ asks[t] / np.sqrt(dim))
            made[t, own] = shares / shares.sum() @ v[: t + 1, lent]
    if c["use_output_gate"]:
        made = made * sigmoid(linear(x, w, "g_proj"))
    return linear(made, w, "o_proj")
