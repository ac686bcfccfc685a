"""Between bytes and patches: the matrix, where there is one. Paper: https://arxiv.org/abs/2412.09871"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights


def forward(b: Numbers, w: Weights, x: Array) -> Array:
    """x (patches, inputs) to (patches, outputs)."""
    return x if w.linear is None else np.asarray(w.linear(x))
