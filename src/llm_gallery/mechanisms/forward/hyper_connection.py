"""Hyper-connections: what a branch reads of several residual streams, what it writes to each, how they mix.

Papers: https://arxiv.org/abs/2409.19606, https://arxiv.org/abs/2512.24880 (doubly stochastic)
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights, sigmoid, softmax
from llm_gallery.mechanisms.forward.rms_norm import unit

FLOOR = 1e-6
"""What shares are raised by, so that none is nothing: `hc_eps` of every release."""


def read(b: Numbers, w: Weights, x: Array) -> tuple[Array, Array | None, Array | None]:
    """Streams x (T, streams, width) to what the branch reads (T, width), and how it writes back.

    Written is one share a stream, (T, streams), beside the streams mixed by (T, from, to), where they mix.
    """
    z = unit(b, x.reshape(len(x), -1))
    maps = [part for part in (w.read, w.write, w.mix) if part is not None]
    logits = [part(z) for part in maps]
    ends = np.cumsum([part.shape[1] for part in logits])[:-1]
    shares = [
        logit * scale + base
        for logit, scale, base in zip(logits, w.scale, np.split(w.base, ends), strict=True)
    ]
    y = ((sigmoid(shares[0]) + FLOOR)[..., None] * x).sum(axis=1)
    if len(shares) == 1:  # after the last layer
        return y, None, None
    write = (2 if b.magnitude is None else b.magnitude) * sigmoid(shares[1])
    if not b.mixing:
        return y, write + FLOOR, None
    return y, write, doubly_stochastic(shares[2].reshape(*write.shape, -1), b.rounds)


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
