"""Retention: a state a head that fades at a rate of the head's own. Paper: https://arxiv.org/abs/2307.08621"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Past, Weights, unknown
from llm_gallery.mechanisms.forward.activations import activation
from llm_gallery.mechanisms.forward.rotation import rope


def forward(b: Numbers, w: Weights, x: Array, past: Past, positions: Array) -> tuple[Array, Past]:
    """x (T, width) to (T, width); kept is the state, (heads, key_dim, value_dim)."""
    if b.position != "rope":
        raise unknown("a position", b.position)
    each = b.heads // b.kv_heads  # heads that share a key
    q = rope(b, w.query(x).reshape(len(x), b.heads, b.key_dim), positions) / b.key_dim**0.5
    k = rope(b, w.key(x).reshape(len(x), b.kv_heads, b.key_dim), positions).repeat(each, axis=1)
    v = w.value(x).reshape(len(x), b.kv_heads, b.value_dim).repeat(each, axis=1)
    decay = (1 - 2.0 ** (-5 - np.arange(b.heads))).astype(x.dtype)[:, None, None]
    state = past.get("state", np.zeros((b.heads, b.key_dim, b.value_dim), x.dtype))
    o = np.empty_like(v)
    for t in range(len(x)):
        state = decay * state + np.einsum("hk,hv->hkv", k[t], v[t])
        o[t] = np.einsum("hk,hkv->hv", q[t], state)
    o = w.output_norm(o).reshape(len(x), -1)
    if b.gate:
        o = o * activation(b.gate)(w.gate(x))
    return w.output(o), {"state": state}
