"""SparseMixer: experts chosen one after the other, each with its share among those that came near it.

Paper: https://arxiv.org/abs/2409.12136
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, softmax


def sparsemixer(scores: Array, used: int, noise: float) -> tuple[Array, Array]:
    """Of scores (T, experts) which experts a token runs, and how much of each: (T, used)."""
    left, chosen, shares = scores, [], []
    for _ in range(used):
        best = left.argmax(axis=-1)[:, None]
        top = np.take_along_axis(left, best, axis=-1)
        far = (top - left) / np.maximum(abs(scores), top) > 2 * noise
        shares.append(np.take_along_axis(softmax(np.where(far, -np.inf, left)), best, axis=-1))
        chosen.append(best)
        left = left.copy()
        np.put_along_axis(left, best, -np.inf, axis=-1)
    return np.concatenate(chosen, axis=-1), np.concatenate(shares, axis=-1)
