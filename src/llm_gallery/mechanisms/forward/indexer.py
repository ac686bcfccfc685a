"""The indexer of sparse attention: a small attention whose scores choose the tokens that the layer sees.

Paper: https://arxiv.org/abs/2512.02556
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Past, Weights, kept
from llm_gallery.mechanisms.forward.activations import relu
from llm_gallery.mechanisms.forward.rotation import rotated


def forward(
    b: Numbers, w: Weights, x: Array, latent: Array, past: Past, positions: Array
) -> tuple[Array, Array]:
    """Scores (T, S) of all tokens so far, queries from the latent (T, rank); kept are keys, (S, head_dim)."""
    q = turned(b, w.query(latent).reshape(len(x), b.heads, -1), positions)
    k = turned(b, w.key_norm(w.key(x))[:, None], positions)[:, 0]  # one for all heads
    k = kept(past, "index_keys", k)
    match = relu(np.einsum("thd,sd->ths", q, k))
    return np.einsum("ths,th->ts", match, w.head_weight(x)), k


def turned(b: Numbers, x: Array, positions: Array) -> Array:
    """x (T, heads, channels), of which the first `rotated` channels carry the position, or the last."""
    if not b.rotated_last:
        return rotated(b, x, positions)
    plain = x.shape[-1] - b.rotated
    return np.concatenate([x[..., :plain], rotated(b, x[..., plain:], positions)], axis=-1)


def chosen(scores: Array, seen: Array, most: int) -> Array:
    """Which of the tokens that may be seen score highest, so many at most: (T, S)."""
    order = np.argsort(-np.where(seen, scores, -np.inf), axis=-1, kind="stable")
    best = np.zeros(scores.shape, bool)
    np.put_along_axis(best, order[:, :most], True, axis=-1)
    return np.asarray(best & seen)
