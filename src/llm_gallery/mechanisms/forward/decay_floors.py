"""How much of a state stays at the least in each layer: nothing in the first, more in each later one.

Paper: https://arxiv.org/abs/2311.04823
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights, softmax


def forward(b: Numbers, w: Weights) -> Array:
    """The floors of all layers, (1, layers, width): the same for every token."""
    shares = softmax(w.floors.T).T
    return np.reshape(np.cumsum(shares, axis=0) - shares[0], (1, b.layers, -1))
