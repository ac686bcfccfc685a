"""The router of a mixture of experts: one score an expert."""

from __future__ import annotations

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights
from llm_gallery.mechanisms.forward.linear import forward as linear
from llm_gallery.mechanisms.forward.rms_norm import unit


def forward(b: Numbers, w: Weights, x: Array) -> Array:
    """x (T, width) to (T, experts); Gemma 4 norms what its router reads, and scales it channel by channel."""
    if w.scale is not None:
        x = unit(b, x) * w.scale / x.shape[-1] ** 0.5
    return linear(b, w, x)
