"""A state a head whose rows fade as each token says: S <- diag(a) S + k vT, o = q S. Paper: https://arxiv.org/abs/2312.06635"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array


def taken_in(
    q: Array, k: Array, v: Array, decay: Array, state: Array | None
) -> tuple[Array, Array]:
    """What each token reads, (T, heads, value_dim), and the state, (heads, key_dim, value_dim), after the last.

    q, k and `fade` (T, heads, key_dim), v (T, heads, value_dim).
    """
    if state is None:
        state = np.zeros((*k.shape[1:], v.shape[-1]), v.dtype)
    o = np.empty_like(v)
    for t in range(len(v)):
        state = decay[t, :, :, None] * state + np.einsum("hk,hv->hkv", k[t], v[t])
        o[t] = np.einsum("hk,hkv->hv", q[t], state)
    return o, state
