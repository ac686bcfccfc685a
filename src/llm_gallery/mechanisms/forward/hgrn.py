"""HGRN: a number a channel, to which a token adds as much as it lets fade. Paper: https://arxiv.org/abs/2311.04823"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Past, Weights, sigmoid
from llm_gallery.mechanisms.forward.activations import activation, silu


def forward(b: Numbers, w: Weights, x: Array, past: Past, row: Array) -> tuple[Array, Past]:
    """x (T, width) to (T, width), with the layer's floor (1, width); kept are the state (inner,) and the last inputs of convolutions."""
    v, a = w.value(x), w.alpha(x)
    cache = {**past}
    if b.taps:
        v, cache["values"] = w.value_convolution(v, past.get("values"))
        a, cache["decays"] = w.alpha_convolution(a, past.get("decays"))
    written = sigmoid(-a)  # 1 less what stays
    if b.floored:
        written = (1 - row) * written
    added = written * silu(v)
    state = past.get("state", np.zeros(b.inner, x.dtype))
    o = np.empty_like(v)
    for t in range(len(x)):
        state = np.einsum("c,c->c", 1 - written[t], state) + added[t]
        o[t] = state
    o = w.output_norm(o) * activation(b.gate)(w.gate(x))
    return w.output(o), {**cache, "state": state}
