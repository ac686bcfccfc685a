"""A matrix, an activation and a norm before the output head. Paper: https://arxiv.org/abs/1810.04805"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights
from llm_gallery.mechanisms.forward.activations import activation


def forward(b: Numbers, w: Weights, x: Array) -> Array:
    """x (T, width) to the same."""
    return np.asarray(w.layer_norm(activation(b.activation)(w.linear(x))))
