"""The indexer of sparse attention: a small attention whose scores choose the tokens that the layer sees.

Papers: https://arxiv.org/abs/2512.02556, https://arxiv.org/abs/2602.15763 (pools)
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Past, Weights, kept, softmax
from llm_gallery.mechanisms.forward.activations import relu
from llm_gallery.mechanisms.forward.rotation import rotated
from llm_gallery.mechanisms.forward.scores import numbered


def forward(
    b: Numbers, w: Weights, x: Array, latent: Array, past: Past, positions: Array, most: int
) -> tuple[Array, Past]:
    """Which tokens each may see, (T, S), `most` of them; queries come from the latent (T, rank)."""
    q = turned(b, w.query(latent).reshape(len(x), b.heads, -1), positions)
    k = turned(b, w.key_norm(w.key(x))[:, None], positions)[:, 0]  # one for all heads
    now = {"index_keys": kept(past, "index_keys", k)}
    places = numbered(len(now["index_keys"]), positions)
    if not b.pooled:
        scores = scored(w, x, q, now["index_keys"])
        return best(scores, places <= positions[:, None], most), now
    now["index_gates"] = kept(past, "index_gates", w.gate(x))
    pools = pooled(b, w, now["index_keys"], now["index_gates"])
    ends = b.pooled * np.arange(1, len(pools) + 1) - 1  # the last token of each pool
    seen = ends <= positions[:, None]
    pool = places // b.pooled
    own = (pool == (positions[:, None] + 1) // b.pooled) & (places <= positions[:, None])
    chosen = best(scored(w, x, q, pools), seen, most // b.pooled)
    return np.pad(chosen, ((0, 0), (0, 1)))[:, np.minimum(pool, len(pools))] | own, now


def scored(w: Weights, x: Array, q: Array, k: Array) -> Array:
    """How well keys (S, channels) match the queries of a token: its heads' weighted sum, (T, S)."""
    match = relu(np.einsum("thd,sd->ths", q, k))
    return np.asarray(np.einsum("ths,th->ts", match, w.head_weight(x)))


def pooled(b: Numbers, w: Weights, k: Array, gates: Array) -> Array:
    """One key for each full pool of tokens, (pools, channels): theirs, weighted by a softmax of their gates."""
    full = len(k) // b.pooled * b.pooled
    each = (-1, b.pooled, k.shape[1])
    logits = w.pool_positions(gates[:full].reshape(each))
    share = np.swapaxes(softmax(np.swapaxes(logits, 1, 2)), 1, 2)
    return np.asarray((share * k[:full].reshape(each)).sum(axis=1))


def turned(b: Numbers, x: Array, positions: Array) -> Array:
    """x (T, heads, channels), of which the first `rotated` channels carry the position, or the last."""
    if not b.rotated:
        return x
    if not b.rotated_last:
        return rotated(b, x, positions)
    plain = x.shape[-1] - b.rotated
    return np.concatenate([x[..., :plain], rotated(b, x[..., plain:], positions)], axis=-1)


def best(scores: Array, seen: Array, most: int) -> Array:
    """Which of what may be seen scores highest, so many at most: (T, S)."""
    order = np.argsort(-np.where(seen, scores, -np.inf), axis=-1, kind="stable")
    chosen = np.zeros(scores.shape, bool)
    np.put_along_axis(chosen, order[:, :most], True, axis=-1)
    return np.asarray(chosen & seen)
