"""A row of the table for each token and layer. Model: https://ai.google.dev/gemma/docs/gemma-3n"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights


def forward(b: Numbers, w: Weights, tokens: Array) -> Array:
    """Tokens (T,) to (T, layers, width), as long as the rows of a normed stream."""
    return by_layer(b, w.weight[tokens])


def by_layer(b: Numbers, rows: Array) -> Array:
    """Rows (T, layers x width), each layer's by itself and scaled."""
    return np.asarray(rows.reshape(len(rows), b.layers, -1) * rows.dtype.type(b.width**0.5))
