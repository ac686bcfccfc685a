"""A learned number a head, which keys are times."""

from __future__ import annotations

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights


def forward(b: Numbers, w: Weights, k: Array) -> Array:
    """k (T, kv_heads, channels) to the same."""
    y: Array = k * w.temperature[:, None]
    return y
