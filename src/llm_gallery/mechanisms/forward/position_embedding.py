"""A row for each absolute position, learned or of sines, added to the token's."""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights


def forward(b: Numbers, w: Weights, x: Array, positions: Array) -> Array:
    """x (T, width) to the same; the table may begin with rows that no position has."""
    rows = positions if not b.first else positions + b.first
    if b.steps is not None:
        return np.asarray(x + waves(b, rows, x.shape[-1]).astype(x.dtype))
    y: Array = x + w.weight[rows]
    return y


def waves(b: Numbers, rows: Array, width: int) -> Array:
    """Sines of positions (T,) and after them cosines, the fastest first: (T, width)."""
    angles = rows[:, None] * 10000.0 ** (-np.arange(width // 2) / b.steps)
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=-1)
