"""Yuan's localized filtering: what queries and keys are made of is mixed with the tokens just before.

Paper: https://arxiv.org/abs/2311.15786
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Past, Weights


def filtered_input(w: Weights, x: Array, past: Past) -> tuple[Array, Past]:
    """x (T, width) with what two convolutions make of it, normed; and the last two inputs, which are kept."""
    first, second = w.input_filter, w.input_filter_back
    seen = np.concatenate([past.get("inputs", np.zeros((2, x.shape[1]), x.dtype)), x])
    if "inputs" in past:
        half = mixed(first.w, seen)  # one more than there are tokens: what the last token gave
    else:  # where a text begins nothing came before, no bias either
        half = mixed(first.w, seen[1:])
        half = np.concatenate([np.zeros_like(half[:1]), half])
    y = mixed(second.w, half)
    return w.filtered_norm(x + y), {"inputs": seen[-2:]}


def mixed(w: Weights, seen: Array) -> Array:
    """(T, outputs) of T + 1 inputs: each with the one before it, every channel by all."""
    older, newer = w.weight[:, :, 0, 0], w.weight[:, :, 1, 0]
    return np.asarray(seen[:-1] @ older.T + seen[1:] @ newer.T + w.bias)


def head_by_head(b: Numbers, q: Array, k: Array) -> tuple[Array, Array]:
    """Queries and keys (T, channels) out of rows that give each head both, one head after the other."""
    both = np.concatenate([q, k], axis=-1).reshape(len(q), b.heads, 2, -1)
    return both[:, :, 0].reshape(q.shape), both[:, :, 1].reshape(k.shape)
