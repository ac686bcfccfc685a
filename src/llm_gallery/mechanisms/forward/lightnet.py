"""LightNet: means of values, whose shares are softmaxed over all tokens so far. Paper: https://arxiv.org/abs/2405.21022"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Past, Weights
from llm_gallery.mechanisms.forward.activations import activation, silu
from llm_gallery.mechanisms.forward.fading_state import taken_in


def forward(b: Numbers, w: Weights, x: Array, past: Past, positions: Array) -> tuple[Array, Past]:
    """x (T, width) to (T, width); kept are the state, logarithms of sums of keys, and the last inputs of convolutions."""
    q, k, v = w.query(x), w.key(x), w.value(x)
    cache = {**past}
    if b.taps:
        q, cache["queries"] = w.query_convolution(q, past.get("queries"))
        k, cache["keys"] = w.key_convolution(k, past.get("keys"))
        v, cache["values"] = w.value_convolution(v, past.get("values"))
    before = past.get("sums", np.full((1, k.shape[-1]), -np.inf, x.dtype))
    sums = np.logaddexp.accumulate(np.concatenate([before, k]))  # of e^k, their logarithms
    keys = (len(x), b.heads, b.key_dim)
    share, decay = np.exp(k - sums[1:]).reshape(keys), np.exp(sums[:-1] - sums[1:]).reshape(keys)
    q = silu(q).reshape(keys) / b.key_dim**0.5
    o, state = taken_in(q, share, v.reshape(len(x), b.heads, -1), decay, past.get("state"))
    o = w.output_norm(o.reshape(len(x), -1)) * activation(b.gate)(w.gate(w.gate_down(x)))
    return w.output(o), {**cache, "state": state, "sums": sums[-1:]}
