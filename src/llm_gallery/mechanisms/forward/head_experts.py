"""A mixture of attention heads: experts hold queries and outputs, of which a token uses the few that a router chose.

Paper: https://arxiv.org/abs/2210.05144
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights, softmax


def chosen_experts(b: Numbers, w: Weights, x: Array) -> tuple[Array, Array]:
    """Which experts a token uses, and how much of each: (T, used)."""
    scores = w.router(x)
    used = b.heads // b.kv_heads
    chosen = np.argsort(-scores, axis=-1, kind="stable")[:, :used]
    return chosen, softmax(np.take_along_axis(scores, chosen, axis=-1))


def expert_queries(b: Numbers, w: Weights, x: Array, chosen: Array) -> Array:
    """The queries of the chosen experts, those for one key side by side: (T, kv_heads, used, channels)."""
    q = np.zeros((*chosen.shape, b.kv_heads * b.head_dim), x.dtype)
    for expert in np.unique(chosen):
        token, place = np.nonzero(chosen == expert)
        q[token, place] = x[token] @ w.query[expert].T
    return np.swapaxes(q.reshape(*chosen.shape, b.kv_heads, -1), 1, 2)


def expert_outputs(b: Numbers, w: Weights, o: Array, chosen: Array, share: Array) -> Array:
    """What heads o (T, heads, channels) give, each by its expert's way back: (T, width)."""
    each = np.swapaxes(o.reshape(len(o), b.kv_heads, -1, b.head_dim), 1, 2)
    each = each.reshape(*chosen.shape, -1)
    y = np.zeros((len(o), len(w.bias)), o.dtype)
    for expert in np.unique(chosen):
        token, place = np.nonzero(chosen == expert)
        y[token] += share[token, place, None] * (each[token, place] @ w.output[expert].T)
    return np.asarray(y + w.bias)
