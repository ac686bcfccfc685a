"""One score for each token of the vocabulary."""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights


def forward(b: Numbers, w: Weights, x: Array) -> Array:
    """x (T, width) to (T, vocabulary); rows may be divided by their lengths before."""
    rows = of_length_one(w.weight) if b.normed_head else w.weight
    y: Array = x @ rows.T
    return y if w.bias is None else y + w.bias


def of_length_one(rows: Array) -> Array:
    """Each row divided by its length."""
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-7))
