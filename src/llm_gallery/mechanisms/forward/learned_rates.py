"""Learned rates: the stream moves towards what a branch gives, in each channel by a part that is learned.

Paper: https://arxiv.org/abs/2410.01131
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights


def joined(b: Numbers, w: Weights, x: Array, y: Array) -> Array:
    """The stream x (T, width) after a branch that gave y (T, width)."""
    return np.asarray(x + np.abs(w.rate * b.rate_unit) * (y - x))
