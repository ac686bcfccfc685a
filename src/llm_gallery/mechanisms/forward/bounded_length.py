"""Vectors no longer than a bound: what is longer is scaled down to it, as gradients are clipped (Inkling 2)."""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array

TINY = 1e-6
"""Added to a length before it divides."""


def shortened(x: Array, longest: float) -> Array:
    """x (..., channels), each vector by itself."""
    length = np.sqrt((x**2).sum(axis=-1, keepdims=True))
    return np.asarray(x * np.minimum(longest / (length + TINY), 1))
