"""HGRN 2: a state a head, to which a token writes as much as it lets fade. Paper: https://arxiv.org/abs/2404.07904"""

from __future__ import annotations

from llm_gallery.mechanisms.forward._array import Array, Numbers, Past, Weights, sigmoid
from llm_gallery.mechanisms.forward.activations import silu
from llm_gallery.mechanisms.forward.fading_state import taken_in


def forward(b: Numbers, w: Weights, x: Array, past: Past, row: Array) -> tuple[Array, Past]:
    """x (T, width) to (T, width), with the layer's floor (1, width); kept are the state and the last inputs of convolutions."""
    q, a, v = w.query(x), w.alpha(x), w.value(x)
    cache = {**past}
    if b.taps:
        q, cache["queries"] = w.query_convolution(q, past.get("queries"))
        a, cache["decays"] = w.alpha_convolution(a, past.get("decays"))
        v, cache["values"] = w.value_convolution(v, past.get("values"))
    written = sigmoid(-a)  # 1 less what stays
    if b.floored:
        written = (1 - row) * written
    q, k, v = (one.reshape(len(x), b.heads, b.head_dim) for one in (silu(q), written, v))
    o, state = taken_in(q / b.head_dim**0.5, k, v, 1 - k, past.get("state"))
    return w.output(w.output_norm(o.reshape(len(x), -1))), {**cache, "state": state}
