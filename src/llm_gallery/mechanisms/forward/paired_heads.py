"""Differential attention of heads in pairs: the second one's shares, times a learned number, are taken from the first one's.

Paper: https://arxiv.org/abs/2410.05258
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights


def paired(b: Numbers, w: Weights, p: Array, v: Array) -> Array:
    """Shares p (heads, T, S) and values v (S, kv_heads, channels) to (T, heads / 2, 2 channels).

    A pair reads the values of two heads side by side.
    """
    start = 0.8 - 0.6 * np.exp(-0.3 * b.layer)
    most = np.exp((w.lambda_q1 * w.lambda_k1).sum()) - np.exp((w.lambda_q2 * w.lambda_k2).sum())
    p = p[: b.noise_heads] - (most + start) * p[b.noise_heads :]
    both = np.concatenate(np.split(v, 2, axis=1), axis=-1)  # (S, kv_heads / 2, 2 channels)
    p = p.reshape(both.shape[1], -1, *p.shape[1:])
    o = np.einsum("ghts,sgd->tghd", p, both).reshape(p.shape[2], b.noise_heads, -1)
    return np.asarray((1 - start) * w.output_norm(o))


def halved(x: Array) -> Array:
    """Heads (tokens, heads, channels) whose neighbours are pairs: all first ones, then all second ones."""
    return np.concatenate([x[:, ::2], x[:, 1::2]], axis=1)
