"""Gated DeltaNet: a state a head, written by the gated delta rule. Paper: https://arxiv.org/abs/2412.06464"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Past, Weights, sigmoid, softplus
from llm_gallery.mechanisms.forward.activations import activation
from llm_gallery.mechanisms.forward.delta_rule import delta_rule, of_length_one


def forward(b: Numbers, w: Weights, x: Array, past: Past, positions: Array) -> tuple[Array, Past]:
    """x (T, width) to (T, width); kept are the state and the last inputs of the convolution."""
    mixed = np.concatenate([w.query(x), w.key(x), w.value(x)], axis=-1)
    mixed, inputs = w.convolution(mixed, past.get("inputs"))
    keys = b.key_heads * b.key_dim
    q, k, v = np.split(activation(b.activation)(mixed), [keys, 2 * keys], axis=-1)
    each = b.value_heads // b.key_heads  # values that share a key
    q, k = (
        of_length_one(one.reshape(len(x), b.key_heads, b.key_dim)).repeat(each, axis=1)
        for one in (q, k)
    )
    v = v.reshape(len(x), b.value_heads, b.value_dim)
    decay = np.exp(-np.exp(w.decay) * softplus(w.alpha(x) + w.step_bias))  # (T, value_heads)
    o, state = delta_rule(
        q / b.key_dim**0.5, k, v, decay[..., None], sigmoid(w.beta(x)), past.get("state")
    )
    o = w.output_norm(o) * activation(b.gate or b.activation)(w.gate(x)).reshape(v.shape)
    return w.output(o.reshape(len(x), -1)), {"state": state, "inputs": inputs}
