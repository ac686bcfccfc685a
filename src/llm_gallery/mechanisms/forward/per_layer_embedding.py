"""A row of the table for each token and layer. Model: https://ai.google.dev/gemma/docs/gemma-3n"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights


def forward(b: Numbers, w: Weights, tokens: Array) -> Array:
    """Tokens (T,) to (T, layers, width), as long as the rows of a normed stream."""
    rows = w.weight[tokens].reshape(len(tokens), b.layers, -1)
    return np.asarray(rows * rows.dtype.type(b.width**0.5))
