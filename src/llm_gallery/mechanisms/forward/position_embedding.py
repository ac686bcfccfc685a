"""A learned row for each absolute position, added to the token's."""

from __future__ import annotations

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights


def forward(b: Numbers, w: Weights, x: Array, positions: Array) -> Array:
    """x (T, width) to the same; the table may begin with rows that no position has."""
    rows = positions if not b.first else positions + b.first
    y: Array = x + w.weight[rows]
    return y
