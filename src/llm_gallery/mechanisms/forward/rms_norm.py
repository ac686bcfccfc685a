"""Each vector divided by its root mean square, times a learned scale. Paper: https://arxiv.org/abs/1910.07467"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights, scaled, sigmoid
from llm_gallery.mechanisms.forward.activations import silu


def forward(b: Numbers, w: Weights, x: Array) -> Array:
    """x (..., width) to the same; the stored scale may be what is added to 1, or of each of several streams."""
    if b.scale_first:  # Muse Spark's: of what was scaled
        return rms_normalized(b, x * (w.weight + b.offset))
    if b.norm_groups:
        y = rms_normalized(b, x.reshape(len(x), b.norm_groups, -1)).reshape(len(x), -1) * w.weight
        return np.asarray(y.reshape(x.shape))
    y = rms_normalized(b, x)
    if w.of_query is not None:  # of what queries, keys and values are made of, each its own
        y = y * np.stack([w.of_query, w.of_key, w.of_value])
    if w.weight is not None:
        scale = w.weight.reshape(b.streams, -1) if b.streams else w.weight
        y = y * (scale + b.offset if b.offset else scale)
    if b.gate_rank:  # of what was normed, and through as few numbers
        y = scaled(y * sigmoid(w.gate(silu(w.gate_down(y)))), b.gate_scale)
    return np.asarray(y if w.bias is None else y + w.bias)


def rms_normalized(b: Numbers, x: Array) -> Array:
    """A vector divided by its root mean square."""
    return np.asarray(x / np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + b.eps))


def by_length(x: Array) -> Array:
    """The same with no epsilon, but a least length: the smallest step above 1 of its dtype."""
    length = np.linalg.norm(x, axis=-1, keepdims=True)
    return np.asarray(x * (x.shape[-1] ** 0.5 / np.maximum(length, np.finfo(x.dtype).eps)))
