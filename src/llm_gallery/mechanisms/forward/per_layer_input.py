"""Per-layer inputs: each layer's row of a token, made before the first layer, joins the stream through a gate.

Model: https://ai.google.dev/gemma/docs/gemma-3n
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights
from llm_gallery.mechanisms.forward.activations import activation


def forward(b: Numbers, w: Weights, x: Array, rows: Array) -> Array:
    """x (T, width of the stream); a layer gives what its row (T, width) adds to it."""
    if b.activation is None:
        return before_the_layers(b, w, x, rows)
    return np.asarray(w.output(activation(b.activation)(w.gate(x)) * rows))


def before_the_layers(b: Numbers, w: Weights, x: Array, rows: Array) -> Array:
    """Rows (T, layers, width) from the table, averaged with those made of the token's embedding."""
    made = (w.linear(x) / x.shape[-1] ** 0.5).reshape(len(x), -1, b.width)
    return np.asarray((w.rms_norm(made) + rows) / 2**0.5)
