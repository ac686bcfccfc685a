"""Mixture-of-value attention: a token's values are a weighted sum of what a few chosen matrices make of it.

Model: https://huggingface.co/IFM/K2-Horizon-MoVA-36B-A4B
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights, scaled, unknown
from llm_gallery.mechanisms.forward.activations import silu
from llm_gallery.mechanisms.forward.moe import SCORING


def mixed_values(b: Numbers, w: Weights, x: Array) -> Array:
    """x (T, width) to the values of all heads (T, channels); the router's bias counts for the choice alone."""
    if b.scoring not in SCORING:
        raise unknown("a router's scoring", b.scoring)
    p = SCORING[b.scoring](w.router(x))
    wanted = p if w.router.w.correction is None else p + w.router.w.correction
    chosen = np.argsort(-wanted, axis=-1, kind="stable")[:, : b.value_experts_used]
    share = np.take_along_axis(p, chosen, axis=-1)
    if b.normalized:
        share = share / share.sum(axis=-1, keepdims=True)
    share = scaled(share, b.scale)
    v = np.zeros((len(x), b.kv_heads * b.head_dim), x.dtype)
    for expert in np.unique(chosen):
        token, place = np.nonzero(chosen == expert)
        v[token] += share[token, place, None] * silu(w.value[expert](x[token]))
    return v
