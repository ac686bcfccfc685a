"""DeltaNet: a state a head, written by the delta rule. Paper: https://arxiv.org/abs/2406.06484"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Past, Weights, sigmoid
from llm_gallery.mechanisms.forward.activations import activation
from llm_gallery.mechanisms.forward.delta_rule import delta_rule, l2_normalized


def forward(b: Numbers, w: Weights, x: Array, past: Past, positions: Array) -> tuple[Array, Past]:
    """x (T, width) to (T, width); kept are the state and the last inputs of the convolutions."""
    q, queries = w.query_convolution(w.query(x), past.get("queries"))
    k, keys = w.key_convolution(w.key(x), past.get("keys"))
    v, values = w.value_convolution(w.value(x), past.get("values"))
    q, k, v = (activation(b.activation)(one).reshape(len(x), b.heads, -1) for one in (q, k, v))
    q, k = l2_normalized(q) / b.key_dim**0.5, l2_normalized(k)
    beta = sigmoid(w.beta(x))
    if b.negative_eigenvalues:
        beta = 2 * beta
    whole = np.ones((len(x), b.heads, 1), x.dtype)  # nothing fades
    o, state = delta_rule(q, k, v, whole, beta, past.get("state"))
    o = w.output_norm(o).reshape(len(x), -1)
    if b.gate:
        o = o * activation(b.gate)(w.gate(x))
    return w.output(o), {"state": state, "queries": queries, "keys": keys, "values": values}
