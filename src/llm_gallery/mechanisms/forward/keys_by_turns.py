"""Heads that read the keys by turns, the first the first key and the next the next (PLaMo), where others' neighbours share one."""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers


def side_by_side(b: Numbers, q: Array) -> Array:
    """Queries (T, heads, channels), those of one key beside each other."""
    turns = q.reshape(len(q), -1, b.kv_heads, q.shape[-1])
    return np.asarray(turns.swapaxes(1, 2).reshape(q.shape))


def in_turn(b: Numbers, o: Array) -> Array:
    """What heads that stand side by side give, (T, heads, channels), in the heads' own order again."""
    keys = o.reshape(len(o), b.kv_heads, -1, o.shape[-1])
    return np.asarray(keys.swapaxes(1, 2).reshape(o.shape))
