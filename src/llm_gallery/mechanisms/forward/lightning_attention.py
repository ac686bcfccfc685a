"""Lightning Attention: linear attention whose heads forget at rates of their own. Paper: https://arxiv.org/abs/2401.04658"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Past, Weights, unknown
from llm_gallery.mechanisms.forward.activations import activation
from llm_gallery.mechanisms.forward.mamba2 import normed
from llm_gallery.mechanisms.forward.rotation import partial_rope
from llm_gallery.mechanisms.forward.scores import slopes


def forward(b: Numbers, w: Weights, x: Array, past: Past, positions: Array) -> tuple[Array, Past]:
    """x (T, width) to (T, width); kept is the state, (heads, head_dim, head_dim)."""
    if b.position not in ("none", "rope"):
        raise unknown("a position", b.position)
    each = (len(x), b.heads, b.head_dim)
    q, k, v = w.query(x), w.key(x), w.value(x)
    if b.activation is not None:
        q, k, v = (activation(b.activation)(one) for one in (q, k, v))
    q, k, v = q.reshape(each), k.reshape(each), v.reshape(each)
    if b.qk_norm:
        q, k = w.query_norm(q), w.key_norm(k)
    if b.position == "rope":
        q, k = partial_rope(b, q, positions), partial_rope(b, k, positions)
    if b.scale_dim is not None:
        q = q / b.scale_dim**0.5
    decay = np.exp(-rates(b)).astype(x.dtype)[:, None, None]
    state = past.get("state", np.zeros((b.heads, b.head_dim, b.head_dim), x.dtype))
    o = np.empty_like(v)
    for t in range(len(x)):
        state = decay * state + np.einsum("hk,hv->hkv", k[t], v[t])
        o[t] = np.einsum("hk,hkv->hv", q[t], state)
    o = normed(b, w, o.reshape(len(x), -1)) * activation(b.gate)(w.gate(x))
    return w.output(o), {"state": state}


def rates(b: Numbers) -> Array:
    """How fast each head forgets: half as fast as the one before where there are 8, less the later a layer comes."""
    if b.rates == "alibi in all layers":  # MiniCPM-SALA's
        return slopes(b.heads)
    if b.rates == "alibi":  # Ling's, whose first layer counts as one before the first
        depth = (b.layer - 1) / max(b.layers - 1, 1)
        return np.asarray(slopes(b.heads) * (1 - depth + 1e-5))
    even = 2.0 ** (-8 * np.arange(1, b.heads + 1) / b.heads)
    return np.asarray(even * (1 - b.layer / (b.layers - 1 + 1e-5) + 1e-5))
