"""The gated delta rule: a state forgets, then takes in what it didn't foresee of a value.

Paper: https://arxiv.org/abs/2412.06464
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array

EPSILON = 1e-6
"""Added to the square of a length before its root: whatever the epsilon of norms is."""


def delta_rule(
    q: Array, k: Array, v: Array, decay: Array, beta: Array, state: Array | None
) -> tuple[Array, Array]:
    """S <- a S + b k (v - k a S), o = q S for one token after another.

    q and k (T, heads, key_dim), v (T, heads, value_dim), decay (T, heads, key_dim or 1), beta (T, heads);
    the state is (heads, key_dim, value_dim).
    """
    if state is None:
        state = np.zeros((*k.shape[1:], v.shape[-1]), v.dtype)
    o = np.empty_like(v)
    for t in range(len(v)):
        state = decay[t, :, :, None] * state
        error = v[t] - np.einsum("hk,hkv->hv", k[t], state)
        state = state + np.einsum("hk,hv->hkv", k[t], beta[t, :, None] * error)
        o[t] = np.einsum("hk,hkv->hv", q[t], state)
    return o, state


def l2_normalized(x: Array) -> Array:
    """Each vector divided by its length."""
    return np.asarray(x / np.sqrt(np.sum(x**2, axis=-1, keepdims=True) + EPSILON))
