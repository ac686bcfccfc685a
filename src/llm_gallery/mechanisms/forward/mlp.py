"""An MLP: out to the inner width and back. Paper: https://arxiv.org/abs/2002.05202"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights, scaled, sigmoid
from llm_gallery.mechanisms.forward.activations import activation, xielu


def forward(b: Numbers, w: Weights, x: Array) -> Array:
    """x (T, width) to (T, width)."""
    if not b.gated:
        if b.activation == "xielu":
            return np.asarray(w.down(xielu(w.up(x), w.above, w.below)))
        return np.asarray(w.down(activation(b.activation)(w.up(x))))
    gate, up = scaled(w.gate(x), b.gate_scale), w.up(x)
    if b.limit is not None:
        up = np.clip(up, -b.limit, b.limit)
    if b.limit is not None and not b.limit_after:
        gate = np.minimum(gate, b.limit)
    act = gate * sigmoid(b.gain * gate) if b.gain is not None else activation(b.activation)(gate)
    if b.limit is not None and b.limit_after:  # Step's holds what the activation gives
        act = np.minimum(act, b.limit)
    inner = act * (up if b.shift is None else up + b.shift)
    y = w.down(inner)
    if b.learned_scale:
        y = y * w.scale
    return scaled(y, b.output_scale)
