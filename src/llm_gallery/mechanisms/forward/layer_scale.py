"""One learned number, or one a channel, that multiplies all that leaves a layer."""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights


def forward(b: Numbers, w: Weights, x: Array) -> Array:
    """x (T, width) to the same."""
    scale = w.weight.reshape(-1) if w.weight.ndim > 1 else w.weight
    y: Array = x * (np.tanh(scale) if b.activation == "tanh" else scale)
    return y
