"""Hyper-connections whose streams are normed by a learned scale, and whose numbers are bounded before they are used.

Paper: https://arxiv.org/abs/2512.24880. Model: https://huggingface.co/Motif-Technologies/Motif-3-Beta
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights, sigmoid

MOST = 10
"""Most that a sigmoid reads."""
MOST_MIXED = 20
"""Most that the exponential of what mixes reads."""
LEAST = 1e-8
"""Least sum that is divided by."""


def read_bounded(b: Numbers, w: Weights, x: Array) -> tuple[Array, Array, Array | None]:
    """Streams x (T, streams, width) to what the branch reads (T, width), and how it writes back.

    Written is one share a stream, (T, streams), beside the streams mixed by (T, from, to).
    """
    z, n = w.rms_norm(x.reshape(len(x), -1)), x.shape[1]
    share = sigmoid(bounded(w.read(z) * w.read_scale + w.read_base, MOST))
    y = (share[..., None] * x).sum(axis=1)
    write = b.magnitude * sigmoid(bounded(w.write(z) * w.write_scale + w.write_base, MOST))
    if not b.mixing:
        return y, write, None
    mix = (w.mix(z) * w.mix_scale).reshape(len(x), n, n) + w.mix_base  # (T, to, from)
    return y, write, np.swapaxes(doubly_stochastic(mix, b.rounds), -1, -2)


def bounded(x: Array, most: float) -> Array:
    """x between -most and most."""
    return np.clip(x, -most, most)


def doubly_stochastic(logits: Array, rounds: int) -> Array:
    """Matrices (T, streams, streams) whose columns and, nearly, rows sum to 1: both divided in turns."""
    m = np.exp(bounded(logits, MOST_MIXED))
    for _ in range(rounds):
        m = m / np.maximum(m.sum(axis=-1, keepdims=True), LEAST)
        m = m / np.maximum(m.sum(axis=-2, keepdims=True), LEAST)
    return np.asarray(m)
