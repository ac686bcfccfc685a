"""The time mixing of RWKV-5 and RWKV-6: a matrix a head that fades by channel and takes in each token. Paper: https://arxiv.org/abs/2404.05892"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Past, Weights
from llm_gallery.mechanisms.forward.activations import silu
from llm_gallery.mechanisms.forward.head_norm import normed
from llm_gallery.mechanisms.forward.token_shift import mixed, previous


def forward(b: Numbers, w: Weights, x: Array, past: Past, positions: Array) -> tuple[Array, Past]:
    """x (T, width) to (T, width); kept are x of the last token and the matrices, a head's (key_dim, value_dim)."""
    before, heads = previous(x, past), (len(x), b.heads, b.key_dim)
    if b.mix_rank:
        more = shares(b, w, x, before)
        fading = mixed(before, x, w.alpha_mix + more[0])
        k = w.key(mixed(before, x, w.key_mix + more[1]))
        v = w.value(mixed(before, x, w.value_mix + more[2]))
        r = w.receptance(mixed(before, x, w.receptance_mix + more[3]))
        gate = w.gate(mixed(before, x, w.gate_mix + more[4]))
        fade = w.decay.reshape(-1) + w.alpha(np.tanh(w.alpha_down(fading)))
    else:
        k, v = w.key(mixed(x, before, w.key_mix)), w.value(mixed(x, before, w.value_mix))
        r = w.receptance(mixed(x, before, w.receptance_mix))
        gate = w.gate(mixed(x, before, w.gate_mix))
        fade = np.broadcast_to(w.decay.reshape(-1), k.shape)
    fade = np.exp(-np.exp(fade)).reshape(heads)
    r, k, v = r.reshape(heads), k.reshape(heads), v.reshape(len(x), b.heads, b.value_dim)
    o, state = taken_in(r, k, v, fade, w.first, past.get("state"))
    y = normed(w, o).reshape(len(x), -1) * silu(gate)
    return w.output(y), {"last": x[-1:], "state": state}


def shares(b: Numbers, w: Weights, x: Array, before: Array) -> Array:
    """What the token adds to the learned shares of the token before: (5, T, width), of decay, k, v, r and gate."""
    latents = np.tanh(w.mix_down(mixed(before, x, w.mix))).reshape(len(x), -1, b.mix_rank)
    return np.asarray(np.einsum("tnr,nrw->ntw", latents, w.mix_up))


def taken_in(
    r: Array, k: Array, v: Array, fade: Array, first: Array, state: Array | None
) -> tuple[Array, Array]:
    """o = r (S + u k v), then S <- w S + k v for one token after another.

    r, k and w (`fade`) are (T, heads, key_dim), v (T, heads, value_dim), u (`first`) (heads, key_dim).
    """
    if state is None:
        state = np.zeros((*k.shape[1:], v.shape[-1]), v.dtype)
    o = np.empty_like(v)
    for t in range(len(v)):
        own = np.einsum("hk,hv->hkv", k[t], v[t])
        o[t] = np.einsum("hk,hkv->hv", r[t], state + first[..., None] * own)
        state = fade[t, :, :, None] * state + own
    return o, state
