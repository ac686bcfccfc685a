"""One score for each token of the vocabulary."""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights


def forward(b: Numbers, w: Weights, x: Array) -> Array:
    """x (T, width) to (T, vocabulary); of rows that may be divided by their lengths."""
    rows = w.weight[: b.vocabulary] if b.filled_up else w.weight
    y: Array = x @ rows.T
    if w.added is not None:  # tokens that were added to the vocabulary, stored beside it
        y = np.concatenate([y, x @ w.added.T], axis=-1)
    if b.normed_head:
        y = y / lengths(w.weight)
    if b.scaled_head:
        y = y * (w.scales * b.scale_unit)
    return y if w.bias is None else y + w.bias


def lengths(rows: Array) -> Array:
    """The length of each row, and a little for one of nothing."""
    return np.asarray(np.maximum(np.linalg.norm(rows, axis=-1), 1e-7))
