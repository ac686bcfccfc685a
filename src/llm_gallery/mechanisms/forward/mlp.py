"""An MLP: out to the inner width and back. Paper: https://arxiv.org/abs/2002.05202"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights, capped, scaled, sigmoid
from llm_gallery.mechanisms.forward.activations import activation, poly_norm, situ, xielu


def forward(b: Numbers, w: Weights, x: Array) -> Array:
    """x (T, width) to (T, width)."""
    if not b.gated:
        if b.activation == "xielu":
            return np.asarray(w.down(xielu(w.up(x), w.above, w.below)))
        return np.asarray(w.down(activation(b.activation)(w.up(x))))
    gate, up = scaled(w.gate(x), b.gate_scale), w.up(x)
    if b.scaled_inner:  # Dory's, learned
        gate, up = gate * (w.gate_scales * b.scale_unit), up * (w.up_scales * b.scale_unit)
    if b.cutoff is not None:
        gate = largest(gate, b.cutoff)
    if b.limit is not None:
        up = np.clip(up, -b.limit, b.limit)
    if b.limit is not None and not b.limit_after:
        gate = np.minimum(gate, b.limit)
    if b.hidden_clamp is not None:
        gate, up = (np.clip(one, -b.hidden_clamp, b.hidden_clamp) for one in (gate, up))
    if b.up_softcap is not None:
        up = capped(up, b.up_softcap)
    if b.gain is not None:
        act = gate * sigmoid(b.gain * gate)
    elif b.activation == "situ":
        act = situ(gate, b.gate_softcap)
    elif b.activation == "poly_norm":
        bias = w.polynomial_bias
        if b.bias_clamp is not None:
            bias = np.clip(bias, -b.bias_clamp, b.bias_clamp)
        act = poly_norm(gate, w.polynomial, bias)
    else:
        act = activation(b.activation)(gate)
    if b.limit is not None and b.limit_after:  # Step's holds what the activation gives
        act = np.minimum(act, b.limit)
    inner = act * (up if b.shift is None else up + b.shift)
    if b.inner_clamp is not None:
        inner = np.clip(inner, -b.inner_clamp, b.inner_clamp)
    if b.inner_norm:
        inner = w.inner_norm(inner)
    y = w.down(inner)
    if b.learned_scale:
        y = y * w.scale
    return scaled(y, b.output_scale)


def largest(gate: Array, cutoff: float) -> Array:
    """What exceeds the mean of gate (T, inner) by so many deviations; the rest is 0."""
    mean = gate.mean(axis=-1, keepdims=True)
    return np.asarray(np.maximum(gate - mean - cutoff * gate.std(axis=-1, keepdims=True), 0))
