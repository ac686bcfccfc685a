"""Hyper-connections: what a branch reads of several residual streams, what it writes to each, how they mix.

Papers: https://arxiv.org/abs/2409.19606, https://arxiv.org/abs/2512.24880 (doubly stochastic)
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights, sigmoid, softmax
from llm_gallery.mechanisms.forward.bounded_connection import read_bounded
from llm_gallery.mechanisms.forward.rms_norm import unit

FLOOR = 1e-6
"""What shares are raised by, so that none is nothing: `hc_eps` of every release."""


def read(b: Numbers, w: Weights, x: Array) -> tuple[Array, Array | None, Array | None]:
    """Streams x (T, streams, width) to what the branch reads (T, width), and how it writes back.

    Written is one share a stream, (T, streams), beside the streams mixed by (T, from, to), where they mix.
    """
    if w.rms_norm is not None:
        return read_bounded(b, w, x)
    z, n = unit(b, x.reshape(len(x), -1)), x.shape[1]
    share = sigmoid(w.read(z) * w.scale[0] + w.base[:n]) + FLOOR
    y = (share[..., None] * x).sum(axis=1)
    if w.write is None:  # after the last layer
        return y, None, None
    most = 2 if b.magnitude is None else b.magnitude
    write = most * sigmoid(w.write(z) * w.scale[1] + w.base[n : 2 * n])
    if not b.mixing:
        return y, write + FLOOR, None
    mix = w.mix(z) * w.scale[2] + w.base[2 * n :]
    return y, write, doubly_stochastic(mix.reshape(len(x), n, n), b.rounds)


def doubly_stochastic(logits: Array, rounds: int) -> Array:
    """Matrices (T, streams, streams) whose columns and, nearly, rows sum to 1: both divided in turns."""
    m = softmax(logits) + FLOOR
    m = m / (m.sum(axis=-2, keepdims=True) + FLOOR)
    for _ in range(rounds - 1):
        m = m / (m.sum(axis=-1, keepdims=True) + FLOOR)
        m = m / (m.sum(axis=-2, keepdims=True) + FLOOR)
    return np.asarray(m)


def written(x: Array, y: Array, write: Array, mix: Array | None) -> Array:
    """The streams (T, streams, width) after a branch that gave y (T, width)."""
    kept = x if mix is None else (mix[..., None] * x[:, :, None]).sum(axis=1)
    return np.asarray(kept + write[..., None] * y[:, None])
