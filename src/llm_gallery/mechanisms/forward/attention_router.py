"""Yuan's router: a token's experts attend to one another before they are scored.

Paper: https://arxiv.org/abs/2405.17976
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Weights, softmax


def among_experts(w: Weights, x: Array) -> Array:
    """x (T, width) to scores (T, experts): each expert has one number as query, as key and as value."""
    q, k, v = w.query(x), w.key(x), w.value(x)
    p = softmax(np.einsum("ti,tj->tij", q, k))
    return np.asarray(np.einsum("tij,tj->ti", p, v))
