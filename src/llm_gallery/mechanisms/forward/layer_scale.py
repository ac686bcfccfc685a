"""One learned number that multiplies all that leaves a layer."""

from __future__ import annotations

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights


def forward(b: Numbers, w: Weights, x: Array) -> Array:
    """x (T, width) to the same."""
    y: Array = x * w.weight
    return y
