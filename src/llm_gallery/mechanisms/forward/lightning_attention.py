"""Lightning Attention: linear attention whose heads forget at rates of their own. Paper: https://arxiv.org/abs/2401.04658"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Past, Weights, unknown
from llm_gallery.mechanisms.forward.activations import activation


def forward(b: Numbers, w: Weights, x: Array, past: Past, positions: Array) -> tuple[Array, Past]:
    """x (T, width) to (T, width); kept is the state, (heads, head_dim, head_dim)."""
    if b.position != "none":
        raise unknown("a position", b.position)
    act, each = activation(b.activation), (len(x), b.heads, b.head_dim)
    q, k, v = act(w.query(x)), act(w.key(x)), act(w.value(x))
    q, k, v = q.reshape(each), k.reshape(each), v.reshape(each)
    fade = np.exp(-rates(b)).astype(x.dtype)[:, None, None]
    state = past.get("state", np.zeros((b.heads, b.head_dim, b.head_dim), x.dtype))
    o = np.empty_like(v)
    for t in range(len(x)):
        state = fade * state + np.einsum("hk,hv->hkv", k[t], v[t])
        o[t] = np.einsum("hk,hkv->hv", q[t], state)
    o = w.output_norm(o.reshape(len(x), -1)) * activation(b.gate)(w.gate(x))
    return w.output(o), {"state": state}


def rates(b: Numbers) -> Array:
    """How fast each head forgets: half as fast as the one before where there are 8, less the later a layer comes."""
    slopes = 2.0 ** (-8 * np.arange(1, b.heads + 1) / b.heads)
    return np.asarray(slopes * (1 - b.layer / (b.layers - 1 + 1e-5) + 1e-5))
