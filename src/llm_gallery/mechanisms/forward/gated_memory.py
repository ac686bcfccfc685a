"""The gated memory unit: another layer's reading of its state, gated anew. Paper: https://arxiv.org/abs/2507.06607"""

from __future__ import annotations

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights
from llm_gallery.mechanisms.forward.activations import activation


def forward(b: Numbers, w: Weights, x: Array, memory: Array) -> Array:
    """x (T, width) to the same; memory is (T, inner), of the same tokens."""
    y: Array = w.output(activation(b.activation)(w.gate(x)) * memory)
    return y
