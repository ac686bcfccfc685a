"""A row for each kind of segment, added to the token's: a learned prompt is of one kind, the text of another (CPM-Ant)."""

from __future__ import annotations

import numpy as np

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights

PROMPT = 0
TEXT = 2


def forward(b: Numbers, w: Weights, x: Array, tokens: Array, positions: Array) -> Array:
    """x (T, width) to the same; a prompt has the first positions."""
    if (tokens == b.padding).any():  # the reference leaves out as many of a text's first tokens
        raise Refusal(f"token {b.padding} pads, and is no token of a text; leave it out")
    y: Array = x + w.weight[segments(b, positions)]
    return y


def segments(b: Numbers, positions: Array) -> Array:
    """Of which kind what stands at a position is."""
    return np.where(positions < b.before, PROMPT, TEXT)
