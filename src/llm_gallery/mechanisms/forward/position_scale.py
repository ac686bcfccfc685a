"""Queries that grow with the logarithm of their position, each head's by a slope and from a height that it learned.

Paper: https://arxiv.org/abs/2501.19399
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights


def forward(b: Numbers, w: Weights, q: Array, positions: Array) -> Array:
    """q (T, heads, channels) to the same."""
    added_to_last = np.log(positions + 1)[:, None].astype(q.dtype) * w.scale + w.bias  # (T, heads)
    y: Array = q * added_to_last[..., None]
    return y
