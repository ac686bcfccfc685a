"""RWKV-4's time mixing."""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts.basic import facts, linear, shifted


def rwkv(name: str, *, width: int, inner: int) -> Block:
    """RWKV-4's time mixing: an average of all values so far, weighted by e^k and a decay for each channel.

    o = sigmoid(r) (a + e^(u+k) v) / (b + e^(u+k)), then a <- e^-w a + e^k v and b <- e^-w b + e^k. Each
    projection reads a learned mix of this token and the last one. Paper: https://arxiv.org/abs/2305.13048
    """
    channels = (int(inner),)
    own = (
        Tensor("time_decay", channels, role="decay"),
        Tensor("time_first", channels, role="first"),
        *shifted("key", "value", "receptance", width=width),
    )
    inside = (
        linear("key", width, inner, role="key"),
        linear("value", width, inner, role="value"),
        linear("receptance", width, inner, role="receptance"),
        linear("output", inner, width, role="output"),
    )
    slots = facts(inner=inner, width=width, state_dtype="float32")
    return Block("rwkv", name, slots, own, inside)
