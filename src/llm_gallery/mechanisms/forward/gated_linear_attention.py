"""Gated linear attention: a state a head whose rows fade as each token says. Paper: https://arxiv.org/abs/2312.06635"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Past, Weights, softplus
from llm_gallery.mechanisms.forward.activations import activation

SLOWED = 16
"""Divides the logarithm of a decay, so that states fade slowly: no config says it."""


def forward(b: Numbers, w: Weights, x: Array, past: Past, positions: Array) -> tuple[Array, Past]:
    """x (T, width) to (T, width); kept are the state and the last inputs of convolutions."""
    q, k, v = w.query(x), w.key(x), w.value(x)
    cache = {**past}
    if b.taps:
        q, cache["queries"] = w.query_convolution(q, past.get("queries"))
        k, cache["keys"] = w.key_convolution(k, past.get("keys"))
        v, cache["values"] = w.value_convolution(v, past.get("values"))
        q, k, v = (activation(b.activation)(one) for one in (q, k, v))
    if b.feature_map:
        q, k = activation(b.feature_map)(q), activation(b.feature_map)(k)
    log = -softplus(-w.alpha(w.alpha_down(x))) / SLOWED  # that of a sigmoid
    if b.decay_floor is not None:
        log = np.maximum(log, b.decay_floor)
    each = b.heads // b.kv_heads  # heads that share a key
    k, v, decay = (
        one.reshape(len(x), b.kv_heads, -1).repeat(each, axis=1) for one in (k, v, np.exp(log))
    )
    q = q.reshape(k.shape) / b.key_dim**0.5
    state = past.get("state", np.zeros((b.heads, b.key_dim, b.value_dim), x.dtype))
    o = np.empty_like(v)
    for t in range(len(x)):
        state = decay[t, :, :, None] * state + np.einsum("hk,hv->hkv", k[t], v[t])
        o[t] = np.einsum("hk,hkv->hv", q[t], state)
    o = w.output_norm(o).reshape(len(x), -1)
    if b.gate:
        o = o * activation(b.gate)(w.gate(x))
    return w.output(o), {**cache, "state": state}
