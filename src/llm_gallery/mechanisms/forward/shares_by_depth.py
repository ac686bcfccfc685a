"""Shares by depth: the stream is the sum of all that was added to it, over the root of how many summands that were."""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights


def joined(b: Numbers, w: Weights, x: Array, y: Array) -> Array:
    """The stream x (T, width) after a branch that gave y (T, width), the next of two summands a layer."""
    count = 2 * b.layer + b.summand
    return np.asarray(((count - 1) / count) ** 0.5 * x + (1 / count) ** 0.5 * y)
