"""RWKV's channel mixing: an MLP, times what a token is ready to receive, where it says so. Paper: https://arxiv.org/abs/2305.13048"""

from __future__ import annotations

from llm_gallery.mechanisms.forward._array import Array, Numbers, Past, Weights, sigmoid
from llm_gallery.mechanisms.forward.activations import activation
from llm_gallery.mechanisms.forward.token_shift import lerp, shifted


def forward(b: Numbers, w: Weights, x: Array, past: Past, positions: Array) -> tuple[Array, Past]:
    """x (T, width) to (T, width); kept is the last token's x."""
    before = shifted(x, past)
    one, other = (before, x) if b.shares_last else (x, before)
    y = w.value(activation(b.activation)(w.key(lerp(one, other, w.key_mix))))
    if w.receptance is not None:
        y = sigmoid(w.receptance(lerp(one, other, w.receptance_mix))) * y
    return y, {"last": x[-1:]}
