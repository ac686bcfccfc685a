"""Hyper-connections: what a branch reads of several residual streams, what it writes to each, how they mix.

Papers: https://arxiv.org/abs/2409.19606, https://arxiv.org/abs/2512.24880 (doubly stochastic)
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights, sigmoid, softmax
from llm_gallery.mechanisms.forward.bounded_connection import read_bounded
from llm_gallery.mechanisms.forward.rms_norm import rms_normalized

FLOOR = 1e-6
"""Added to each share, so that none is 0: `hc_eps` of every release."""


def read(b: Numbers, w: Weights, x: Array) -> tuple[Array, Array, Array | None]:
    """Streams x (T, streams, width) to what the branch reads (T, width), and how it writes back.

    Written is one share a stream, (T, streams), beside the streams mixed by (T, from, to), where they mix.
    """
    if w.rms_norm is not None:
        return read_bounded(b, w, x)
    z, n = rms_normalized(b, x.reshape(len(x), -1)), x.shape[1]
    y = weighted(x, w.read(z) * w.scale[0] + w.base[:n])
    most = 2 if b.magnitude is None else b.magnitude
    write = most * sigmoid(w.write(z) * w.scale[1] + w.base[n : 2 * n])
    if not b.mixing:
        return y, write + FLOOR, None
    mix = w.mix(z) * w.scale[2] + w.base[2 * n :]
    return y, write, doubly_stochastic(mix.reshape(len(x), n, n), b.rounds)


def read_last(b: Numbers, w: Weights, x: Array) -> Array:
    """Streams x (T, streams, width) after the last layer, to what the head reads (T, width)."""
    z = rms_normalized(b, x.reshape(len(x), -1))
    return weighted(x, w.read(z) * w.scale[0] + w.base)


def weighted(x: Array, logits: Array) -> Array:
    """The streams x (T, streams, width), each times a sigmoid of its logit, summed."""
    share = sigmoid(logits) + FLOOR
    return np.asarray((share[..., None] * x).sum(axis=1))


def doubly_stochastic(logits: Array, rounds: int) -> Array:
    """Matrices (T, streams, streams) whose columns and, nearly, rows sum to 1: both divided in turns."""
    m = softmax(logits) + FLOOR
    m = m / (m.sum(axis=-2, keepdims=True) + FLOOR)
    for _ in range(rounds - 1):
        m = m / (m.sum(axis=-1, keepdims=True) + FLOOR)
        m = m / (m.sum(axis=-2, keepdims=True) + FLOOR)
    return np.asarray(m)


def written(b: Numbers, x: Array, y: Array, write: Array, mix: Array) -> Array:
    """The streams (T, streams, width) after a branch that gave y (T, width)."""
    if b.mixing:
        x = (mix[..., None] * x[:, :, None]).sum(axis=1)
    return np.asarray(x + write[..., None] * y[:, None])
