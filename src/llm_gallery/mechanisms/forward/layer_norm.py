"""Each vector less its mean, divided by its deviation, and scaled as learned. Paper: https://arxiv.org/abs/1607.06450"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights


def forward(b: Numbers, w: Weights, x: Array) -> Array:
    """x (..., width) to the same."""
    y = x - x.mean(axis=-1, keepdims=True)
    y = y / np.sqrt(np.mean(y**2, axis=-1, keepdims=True) + b.eps)
    if w.weight is not None:
        y = y * (w.weight + b.offset if b.offset else w.weight)
    return np.asarray(y if w.bias is None else y + w.bias)
