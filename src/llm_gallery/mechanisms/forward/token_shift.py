"""RWKV's token shift: what is projected is a learned mix of a token and the one before. Paper: https://arxiv.org/abs/2305.13048"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Past


def shifted(x: Array, past: Past) -> Array:
    """x (T, width) one token earlier; before the first there was nothing."""
    first = past.get("last", np.zeros((1, x.shape[1]), x.dtype))
    return np.concatenate([first, x[:-1]])


def lerp(x: Array, before: Array, share: Array) -> Array:
    """So much of the first, channel by channel, and the rest of the other: a token and the one before."""
    share = share.reshape(-1, x.shape[-1])
    return np.asarray(x * share + before * (1 - share))
