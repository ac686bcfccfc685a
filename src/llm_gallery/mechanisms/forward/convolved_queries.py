"""ZAYA's queries, keys and values: convolved over tokens and within heads, half of the values a token late.

Papers: https://arxiv.org/abs/2510.04476, https://arxiv.org/abs/2605.05365
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Past, Weights


def convolved_queries(
    b: Numbers, w: Weights, q: Array, k: Array, past: Past
) -> tuple[Array, Array, Past]:
    """q and k (T, channels), convolved, plus the mean of each query and its key; and what the convolutions keep."""
    mixed, inputs = w.convolution(np.concatenate([q, k], axis=-1), past.get("inputs"))
    nothing = np.repeat(w.convolution.w.bias[None], w.head_convolution.b.taps - 1, axis=0)
    mixed, mixed_inputs = w.head_convolution(mixed, past.get("mixed_inputs", nothing))
    each = q.reshape(len(q), b.kv_heads, -1, b.head_dim)  # the queries of each key
    mean = (each + k.reshape(len(k), b.kv_heads, 1, b.head_dim)) / 2
    q, k = mixed[:, : q.shape[1]], mixed[:, q.shape[1] :]
    q, k = q + mean.reshape(q.shape), k + mean.mean(axis=2).reshape(k.shape)
    return q, k, {"inputs": inputs, "mixed_inputs": mixed_inputs}


def delayed(w: Weights, x: Array, v: Array, past: Past) -> tuple[Array, Past]:
    """Values v (T, channels) with as many that the token before made, and those that the next one takes."""
    later = w.delayed_value(x)
    bias = w.delayed_value.w.bias
    nothing = np.zeros_like(later[:1]) if bias is None else bias[None]
    before = np.concatenate([past.get("delayed", nothing), later[:-1]])
    return np.concatenate([v, before], axis=-1), {"delayed": later[-1:]}
