"""The time mixing of RWKV-5 and RWKV-6: a matrix a head that fades by channel and takes in each token. Paper: https://arxiv.org/abs/2404.05892"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Past, Weights
from llm_gallery.mechanisms.forward.activations import silu
from llm_gallery.mechanisms.forward.head_norm import normed
from llm_gallery.mechanisms.forward.token_shift import lerp, shifted


def forward(b: Numbers, w: Weights, x: Array, past: Past, positions: Array) -> tuple[Array, Past]:
    """x (T, width) to (T, width); kept are x of the last token and the matrices, a head's (key_dim, value_dim)."""
    before, heads = shifted(x, past), (len(x), b.heads, b.key_dim)
    if b.mix_rank:
        more = shares(b, w, x, before)
        decay = w.alpha(np.tanh(w.alpha_down(lerp(before, x, more[0]))))
        k, v = w.key(lerp(before, x, more[1])), w.value(lerp(before, x, more[2]))
        r, gate = w.receptance(lerp(before, x, more[3])), w.gate(lerp(before, x, more[4]))
        if w.decay is not None:
            decay = decay + w.decay.reshape(-1)
    else:
        k, v = w.key(lerp(x, before, w.key_mix)), w.value(lerp(x, before, w.value_mix))
        r = w.receptance(lerp(x, before, w.receptance_mix))
        gate = w.gate(lerp(x, before, w.gate_mix))
        decay = np.broadcast_to(w.decay.reshape(-1), k.shape)
    decay = np.exp(-np.exp(decay)).reshape(heads)
    r, k, v = r.reshape(heads), k.reshape(heads), v.reshape(len(x), b.heads, b.value_dim)
    o, state = taken_in(r, k, v, decay, w.first, past.get("state"))
    y = normed(w, o).reshape(len(x), -1) * silu(gate)
    return w.output(y), {"last": x[-1:], "state": state}


def shares(b: Numbers, w: Weights, x: Array, before: Array) -> Array:
    """How much of the token before decay, k, v, r and gate read: (5, T, width), learned and what the token adds."""
    latents = np.tanh(w.mix_down(lerp(before, x, w.mix))).reshape(len(x), -1, b.mix_rank)
    if w.mixes is None:
        learned = [w.alpha_mix, w.key_mix, w.value_mix, w.receptance_mix, w.gate_mix]
        return np.asarray(np.concatenate(learned) + np.einsum("tnr,nrw->ntw", latents, w.mix_up))
    up = w.mix_up.reshape(x.shape[1], -1, b.mix_rank)  # stored in the order r, decay, k, v, gate
    made = w.mixes[:, None] + np.einsum("tnr,wnr->ntw", latents, up)
    return np.asarray(made[[1, 2, 3, 0, 4]])


def taken_in(
    r: Array, k: Array, v: Array, decay: Array, first: Array, state: Array | None
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
        state = decay[t, :, :, None] * state + own
    return o, state
