"""Gated DeltaNet: a state a head, written by the gated delta rule. Paper: https://arxiv.org/abs/2412.06464"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import (
    Array,
    Numbers,
    Past,
    Weights,
    scaled,
    sigmoid,
    softplus,
)
from llm_gallery.mechanisms.forward.activations import activation
from llm_gallery.mechanisms.forward.delta_rule import delta_rule, l2_normalized


def forward(b: Numbers, w: Weights, x: Array, past: Past, positions: Array) -> tuple[Array, Past]:
    """x (T, width) to (T, width); kept are the state and the last inputs of the convolutions."""
    if b.convolved_apart:
        q, queries = w.query_convolution(w.query(x), past.get("queries"))
        k, keys = w.key_convolution(w.key(x), past.get("keys"))
        v, values = w.value_convolution(w.value(x), past.get("values"))
        q, k, v = (activation(b.activation)(one) for one in (q, k, v))
        cache = {"queries": queries, "keys": keys, "values": values}
    else:
        mixed = np.concatenate([w.query(x), w.key(x), w.value(x)], axis=-1)
        mixed, inputs = w.convolution(mixed, past.get("inputs"))
        size = b.key_heads * b.key_dim
        q, k, v = np.split(activation(b.activation)(mixed), [size, 2 * size], axis=-1)
        cache = {"inputs": inputs}
    each = b.value_heads // b.key_heads  # values that share a key
    q, k = (
        l2_normalized(one.reshape(len(x), b.key_heads, b.key_dim)).repeat(each, axis=1)
        for one in (q, k)
    )
    v = v.reshape(len(x), b.value_heads, b.value_dim)
    decay = np.exp(-np.exp(w.decay) * softplus(w.alpha(x) + w.step_bias))  # (T, value_heads)
    beta = sigmoid(w.beta(x))
    if b.negative_eigenvalues:
        beta = 2 * beta
    o, state = delta_rule(q / b.key_dim**0.5, k, v, decay[..., None], beta, past.get("state"))
    o = w.output_norm(o) * activation(b.gate or b.activation)(w.gate(x)).reshape(v.shape)
    o = scaled(o, b.gate_scale)
    return w.output(o.reshape(len(x), -1)), {"state": state, **cache}
