"""RWKV-7's time mixing: a matrix a head that fades by channel, is corrected along a key, and written to. Paper: https://arxiv.org/abs/2503.14456"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Past, Weights, sigmoid
from llm_gallery.mechanisms.forward.delta_rule import l2_normalized
from llm_gallery.mechanisms.forward.head_norm import normed
from llm_gallery.mechanisms.forward.token_shift import lerp, shifted

FASTEST = np.exp(-0.5)
"""Most that a channel decays by, as a logarithm: what is left of it after a token is e to minus this."""


def forward(b: Numbers, w: Weights, x: Array, past: Past, positions: Array) -> tuple[Array, Past]:
    """x (T, width) to (T, width); kept are x of the last token and the matrices, a head's (key_dim, value_dim).

    The values of the first layer are handed on to the others.
    """
    before = shifted(x, past)
    r = w.receptance(lerp(before, x, w.receptance_mix)).reshape(len(x), b.heads, b.key_dim)
    k, v = w.key(lerp(before, x, w.key_mix)), w.value(lerp(before, x, w.value_mix))
    first = past["first"] if b.value_rank else v
    if b.value_rank:
        share = w.value_share(w.value_share_down(lerp(before, x, w.value_mix)))
        v = v + sigmoid(share) * (first - v)
    y, state = time_mixing(b, w, x, before, r, k, v, past)
    return y, {"last": x[-1:], "state": state, "first": first}


def time_mixing(
    b: Numbers, w: Weights, x: Array, before: Array, r: Array, k: Array, v: Array, past: Past
) -> tuple[Array, Array]:
    """What a token reads of the state that it has written to, (T, width), and that state."""
    heads = (len(x), b.heads, b.key_dim)
    decay = w.alpha(np.tanh(w.alpha_down(lerp(before, x, w.alpha_mix))))
    decay = np.exp(-FASTEST * sigmoid(decay)).reshape(heads)
    rate = sigmoid(w.beta(w.beta_down(lerp(before, x, w.beta_mix))))
    removal = (k * w.removal).reshape(heads)
    removal = l2_normalized(removal) if b.fused_norm else normalized(removal)
    k = (k * (1 + (rate - 1) * w.rate_share)).reshape(heads)
    v, rate = v.reshape(len(x), b.heads, b.value_dim), rate.reshape(heads)
    o, state = wkv(r, k, v, removal, rate, decay, past.get("state"))
    bonus = np.sum(r * k * w.first, axis=-1, keepdims=True) * v  # of the token itself
    y = normed(w, o).reshape(len(x), -1) + bonus.reshape(len(x), -1)
    gate = w.gate(sigmoid(w.gate_down(lerp(before, x, w.gate_mix))))
    return w.output(y * gate), state


def wkv(
    r: Array, k: Array, v: Array, removal: Array, rate: Array, decay: Array, state: Array | None
) -> tuple[Array, Array]:
    """S <- w S - (a k') (k' S) + k v, o = r S for one token after another.

    r, k, k' (`removal`), a (`rate`) and w (`decay`) are (T, heads, key_dim), v (T, heads, value_dim).
    """
    if state is None:
        state = np.zeros((*k.shape[1:], v.shape[-1]), v.dtype)
    o = np.empty_like(v)
    for t in range(len(v)):
        held = np.einsum("hk,hkv->hv", removal[t], state)  # what the state has along this key
        wrong = np.einsum("hk,hv->hkv", rate[t] * removal[t], held)
        state = decay[t, :, :, None] * state - wrong + np.einsum("hk,hv->hkv", k[t], v[t])
        o[t] = np.einsum("hk,hkv->hv", r[t], state)
    return o, state


def normalized(x: Array) -> Array:
    """Each vector divided by its length, which counts as 1e-12 at least."""
    length = np.sqrt(np.sum(x**2, axis=-1, keepdims=True))
    return np.asarray(x / np.maximum(length, 1e-12))
