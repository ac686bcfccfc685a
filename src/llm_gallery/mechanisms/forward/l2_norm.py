"""Each vector divided by its length, so that only its direction counts. Paper: https://arxiv.org/abs/2410.01131"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights


def forward(b: Numbers, w: Weights, x: Array) -> Array:
    """x (..., width) to the same."""
    return unit_length(b, x)


def unit_length(b: Numbers, x: Array) -> Array:
    """A vector divided by its length."""
    return np.asarray(x / np.sqrt(np.sum(x**2, axis=-1, keepdims=True) + b.eps))
