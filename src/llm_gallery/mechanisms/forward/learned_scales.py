"""Learned scales on the stream, and between routers: at each sum, both sides are shifted and scaled, channel by channel.

Paper: https://arxiv.org/abs/2605.05365
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights, sigmoid


def first(b: Numbers, w: Weights, x: Array) -> Array:
    """The stream x (T, width) as the first layer reads it."""
    return np.asarray((x + w.shift) * w.scale)


def remembered(w: Weights, routing: Array) -> Array:
    """How much of what the last layer's router scored, (T, inner), the next one's adds to its own."""
    left: Array = routing * w.memory
    return left


def joined(b: Numbers, w: Weights, x: Array, y: Array) -> Array:
    """The stream x (T, width) after a branch that gave y (T, width)."""
    if w.sum_gate is not None:  # Muse Spark's: squares of both shares sum to 1
        share = sigmoid(w.sum_gate / b.temperature)
        left = sigmoid(-w.sum_gate / b.temperature) * (1 + share)
        return np.asarray(np.sqrt(np.maximum(left, b.least)) * x + share * y)
    if w.stream_shift is None:  # Doge's: a scale on the stream alone
        return np.asarray(x * w.stream_scale + y)
    stream: Array = (x + w.stream_shift) * w.stream_scale
    return np.asarray(stream + (y + w.shift) * w.scale)
