"""Gated slot attention: a softmax over slots, which fade and take in each token. Paper: https://arxiv.org/abs/2409.07146"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Past, Weights, softmax, softplus
from llm_gallery.mechanisms.forward.activations import activation, silu
from llm_gallery.mechanisms.forward.fading_state import taken_in


def forward(b: Numbers, w: Weights, x: Array, past: Past, positions: Array) -> tuple[Array, Past]:
    """x (T, width) to (T, width); kept are keys and values of all slots, and the last inputs of convolutions."""
    q, k, v = w.query(x), w.key(x), w.value(x)
    cache = {**past}
    if b.taps:
        q, cache["queries"] = w.query_convolution(q, past.get("queries"))
        k, cache["keys"] = w.key_convolution(k, past.get("keys"))
        v, cache["values"] = w.value_convolution(v, past.get("values"))
        q, k, v = (activation(b.activation)(one) for one in (q, k, v))
    q, k = activation(b.feature_map)(q), activation(b.feature_map)(k)
    decay = np.exp(-softplus(-w.alpha(x)) / b.decay_divisor)  # a root of a sigmoid
    each = b.heads // b.kv_heads  # heads that share a key
    k, v, decay = (
        one.reshape(len(x), b.kv_heads, -1).repeat(each, axis=1) for one in (k, silu(v), decay)
    )
    keys = past.get("slots", np.zeros((b.heads, b.slots, b.key_dim), x.dtype))
    scores, keys = matched(q.reshape(k.shape), k, decay, keys)
    o, values = taken_in(softmax(scores), 1 - decay, v, decay, past.get("state"))
    o = w.output_norm(silu(o.reshape(len(x), -1)))
    return w.output(o), {**cache, "slots": keys, "state": values}


def matched(q: Array, k: Array, decay: Array, slots: Array) -> tuple[Array, Array]:
    """The score of each slot, (T, heads, slots), and their keys, (heads, slots, key_dim), after the last token."""
    scores = np.empty_like(decay)
    for t in range(len(k)):
        slots = decay[t, :, :, None] * slots + np.einsum("hs,hk->hsk", 1 - decay[t], k[t])
        scores[t] = np.einsum("hk,hsk->hs", q[t], slots)
    return scores, slots
