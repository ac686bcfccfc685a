"""The matrix LSTM of xLSTM: gates with exponents decide what a matrix keeps and takes in. Paper: https://arxiv.org/abs/2405.04517"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import (
    Array,
    Numbers,
    Past,
    Weights,
    capped,
    sigmoid,
    softplus,
)
from llm_gallery.mechanisms.forward.head_norm import normed

EPSILON = 1e-6
"""Added to what is divided by: whatever the epsilon of norms is."""


def forward(b: Numbers, w: Weights, x: Array, past: Past, positions: Array) -> tuple[Array, Past]:
    """x (T, width) to (T, width); kept are the matrices, and the largest exponent in them.

    The last column of a matrix is the sum of its keys: what a value of 1 would be.
    """
    q, k, v = w.query(x) / b.key_dim**0.5, w.key(x), w.value(x)
    q, k, v = (one.reshape(len(x), b.heads, -1) for one in (q, k, v))
    enter, forget = w.input_gate(x), w.forget_gate(x)  # (T, heads)
    if b.gate_softcap is not None:
        enter, forget = capped(enter, b.gate_softcap), capped(forget, b.gate_softcap)
    decay = -softplus(-forget)  # the logarithm of its sigmoid
    v = np.concatenate([v, np.ones((*v.shape[:2], 1), x.dtype)], axis=-1)
    C = past.get("matrix", np.zeros((b.heads, b.key_dim, b.value_dim + 1), x.dtype))
    most = past.get("most", np.zeros(b.heads, x.dtype))
    h = np.empty((len(x), b.heads, b.value_dim), x.dtype)
    for t in range(len(x)):
        top = np.maximum(decay[t] + most, enter[t])
        old, new = np.exp(decay[t] + most - top)[:, None], np.exp(enter[t] - top)[:, None]
        C, most = old[..., None] * C + np.einsum("hk,hv->hkv", new * k[t], v[t]), top
        read = np.einsum("hk,hkv->hv", q[t], C)
        size = np.maximum(abs(read[:, -1:]), np.exp(-most)[:, None]) + EPSILON
        h[t] = read[:, :-1] / size
    y = normed(w, h).reshape(len(x), -1) * sigmoid(w.gate(x))
    return w.output(y), {"matrix": C, "most": most}
