"""Kimi Delta Attention: the gated delta rule with a decay for every channel of the keys.

Paper: https://arxiv.org/abs/2510.26692
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Past, Weights, sigmoid, softplus
from llm_gallery.mechanisms.forward.activations import activation
from llm_gallery.mechanisms.forward.delta_rule import delta_rule, l2_normalized


def forward(b: Numbers, w: Weights, x: Array, past: Past, positions: Array) -> tuple[Array, Past]:
    """x (T, width) to (T, width); kept are the state and the last inputs of the three convolutions."""
    each = (len(x), b.heads, b.head_dim)
    q, queries = w.query_convolution(w.query(x), past.get("queries"))
    k, keys = w.key_convolution(w.key(x), past.get("keys"))
    v, values = w.value_convolution(w.value(x), past.get("values"))
    q, k, v = (activation(b.activation)(one).reshape(each) for one in (q, k, v))
    q, k = l2_normalized(q), l2_normalized(k)
    beta = sigmoid(w.beta(x))
    if b.negative_eigenvalues:
        beta = 2 * beta
    decay = np.exp(log_decay(b, w, x).reshape(each))
    o, state = delta_rule(q / b.head_dim**0.5, k, v, decay, beta, past.get("state"))
    gate = w.gate(w.gate_down(x) if b.gate_rank else x)
    o = w.output_norm(o) * sigmoid(gate).reshape(each)
    cache = {"state": state, "queries": queries, "keys": keys, "values": values}
    return w.output(o.reshape(len(x), -1)), cache


def log_decay(b: Numbers, w: Weights, x: Array) -> Array:
    """The logarithm of the decay, (T, heads, head_dim), never above 0."""
    f = w.alpha(w.alpha_down(x) if b.decay_rank else x) + w.step_bias
    f = f.reshape(len(x), b.heads, b.head_dim)
    rate = np.exp(w.decay.reshape(-1)[: b.heads, None])  # more may be stored than there are heads
    if b.decay_floor is not None:
        return np.asarray(b.decay_floor * sigmoid(rate * f))
    return np.asarray(-rate * softplus(f))
