"""A norm over each head by itself, whose scale and shift are of all channels. Paper: https://arxiv.org/abs/1803.08494"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Weights


def normed(w: Weights, h: Array) -> Array:
    """h (T, heads, value_dim), each head by itself, to (T, heads x value_dim); scale and shift are of all channels."""
    norm = w.output_norm
    y = h - h.mean(axis=-1, keepdims=True)
    y = y / np.sqrt(np.mean(y**2, axis=-1, keepdims=True) + norm.b.eps)
    y = y.reshape(len(h), -1) * norm.w.weight
    return np.asarray(y if norm.w.bias is None else y + norm.w.bias)
