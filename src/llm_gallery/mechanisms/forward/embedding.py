"""A row of the table for each token."""

from __future__ import annotations

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights


def forward(b: Numbers, w: Weights, tokens: Array) -> Array:
    """Tokens (T,) to (T, width)."""
    x: Array = w.weight[tokens]
    return x
