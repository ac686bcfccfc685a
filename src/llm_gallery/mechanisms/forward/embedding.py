"""A row of the table for each token."""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights


def forward(b: Numbers, w: Weights, tokens: Array) -> Array:
    """Tokens (T,) to (T, width)."""
    table = w.weight
    if w.added is not None:  # rows that were added to the vocabulary, stored beside it
        table = np.concatenate([table, w.added])
    x: Array = table[tokens]
    return x
