"""The RG-LRU: a number a channel, which each token fades and adds to. Paper: https://arxiv.org/abs/2402.19427"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import (
    Array,
    Numbers,
    Past,
    Weights,
    sigmoid,
    softplus,
)
from llm_gallery.mechanisms.forward.activations import activation


def forward(b: Numbers, w: Weights, x: Array, past: Past, positions: Array) -> tuple[Array, Past]:
    """x (T, width) to (T, width); kept are the state (inner,) and the last inputs of the convolution."""
    u, inputs = w.convolution(w.x(x), past.get("inputs"))
    heads = u.reshape(len(u), b.heads, -1)
    written = sigmoid(within_heads(w.input_gate.w, heads))
    fades = sigmoid(within_heads(w.alpha.w, heads))
    left = np.exp(-8 * fades * softplus(w.decay))
    whole = positions[:, None] == 0  # the first token counts in full
    share = np.where(whole, 1, np.sqrt(1 - left**2))
    added = share * written * u
    state = past.get("state", np.zeros(b.inner, x.dtype))
    y = np.empty_like(u)
    for t in range(len(x)):
        state = np.einsum("c,c->c", left[t], state) + added[t]
        y[t] = state
    return w.output(y * activation(b.gate)(w.gate(x))), {"state": state, "inputs": inputs}


def within_heads(w: Weights, x: Array) -> Array:
    """x (T, heads, channels) by a matrix a head, to (T, inner)."""
    y = np.einsum("thi,hio->tho", x, w.weight) + w.bias
    return np.asarray(y.reshape(len(x), -1))
