"""A mask that values make of themselves: added to the scores, and in a long text the choice of what is read.

Paper: https://arxiv.org/abs/2412.11834
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights, softplus
from llm_gallery.mechanisms.forward.scores import key_positions, visible


def masked(b: Numbers, w: Weights, v: Array, scores: Array, positions: Array) -> Array:
    """Scores (heads, T, S) with what the values v (S, kv_heads, channels) say, the least of too many left out."""
    said = np.exp(w.mask_rate * softplus(w.mask_step(v.reshape(len(v), -1)))).T  # (kv_heads, S)
    said = said.repeat(b.heads // b.kv_heads, axis=0)[:, None]
    scores = scores + said
    if len(v) <= b.dynamic_mask:
        return np.asarray(scores)
    seen = visible(b, positions[:, None], key_positions(len(v), positions))
    each = np.where(seen, said, -np.inf)
    least = np.sort(each, axis=-1)[..., -b.dynamic_mask, None]
    return np.where(each >= least, scores, -np.inf)
