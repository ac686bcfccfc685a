"""A learned bias for each place in a pool of tokens, added to what weighs them."""

from __future__ import annotations

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights


def forward(b: Numbers, w: Weights, gates: Array) -> Array:
    """gates (pools, tokens, channels) to the same."""
    y: Array = gates + w.weight
    return y
