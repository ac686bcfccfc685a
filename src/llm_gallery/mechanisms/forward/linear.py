"""A linear map."""

from __future__ import annotations

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights


def forward(b: Numbers, w: Weights, x: Array) -> Array:
    """x (..., inputs) to (..., outputs)."""
    y: Array = x @ w.weight if w.bias is None else x @ w.weight + w.bias
    if w.adapter_down is not None:  # a layer's own map of low rank beside one that several share
        y = y + x @ w.adapter_down @ w.adapter_up
    return y
