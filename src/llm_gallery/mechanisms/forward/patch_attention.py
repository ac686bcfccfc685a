"""Attention between bytes and patches, which sees one patch. Paper: https://arxiv.org/abs/2412.09871"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights, softmax


def forward(b: Numbers, w: Weights, x: Array, attended: Array, visible: Array) -> Array:
    """x (T, width) to (T, width): each row asks those of `attended` (S, width) that `visible` (T, S) says."""
    given = w.asked_norm(attended)
    q = w.query(x).reshape(len(x), b.kv_heads, b.heads // b.kv_heads, b.head_dim)
    k = w.key(given).reshape(len(given), b.kv_heads, b.head_dim)
    v = w.value(given).reshape(len(given), b.kv_heads, b.head_dim)
    y = np.zeros_like(q)
    for row, seen in enumerate(visible):  # of one patch: a few
        scores = np.einsum("ghd,sgd->ghs", q[row], k[seen]) / b.head_dim**0.5
        y[row] = np.einsum("ghs,sgd->ghd", softmax(scores), v[seen])
    return np.asarray(w.output(y.reshape(len(x), b.heads * b.head_dim)))
