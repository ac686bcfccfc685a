"""Nothing: what is given is passed on."""

from __future__ import annotations

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights


def forward(b: Numbers, w: Weights, x: Array) -> Array:
    """x to the same."""
    return x
