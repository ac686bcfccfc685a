"""The indexer of sparse attention: a small attention whose scores choose the tokens that the layer sees.

Papers: https://arxiv.org/abs/2512.02556, https://arxiv.org/abs/2602.15763 (pools)
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Past, Weights, extended, softmax
from llm_gallery.mechanisms.forward.activations import relu
from llm_gallery.mechanisms.forward.rotation import partial_rope, rope_last
from llm_gallery.mechanisms.forward.scores import key_positions

OWN = "index_"
"""Before the names of what a compressor of its own keeps."""


def forward(
    b: Numbers, w: Weights, x: Array, latent: Array, past: Past, positions: Array, most: int
) -> tuple[Array, Past]:
    """Which tokens, or entries of groups, each may see, `most` of them; queries come from the latent (T, rank)."""
    query_input = latent if w.stream_norm is None else w.stream_norm(latent)
    q = w.query(query_input).reshape(len(x), b.heads, -1)
    q = q if w.query_norm is None else w.query_norm(q)
    if w.position_scale is not None:
        q = w.position_scale(q, positions)
    q = index_rope(b, q, positions, w.speeds)
    if w.compressor is not None:
        own = {name[len(OWN) :]: held for name, held in past.items() if name.startswith(OWN)}
        entries, cache = w.compressor(x, own)
        seen = np.arange(len(entries)) < (positions[:, None] + 1) // b.pooled
        chosen = best(scored(w, x, q, entries), seen, most)
        return chosen, {OWN + name: held for name, held in cache.items()}
    if b.pooled and w.gate is None:
        cache = {"index_keys": extended(past, "index_keys", w.key(x))}
        places = key_positions(len(cache["index_keys"]), positions)
        pools = averaged(b, w, cache["index_keys"])
        return of_best_pools(b, w, x, q, pools, places, positions, most), cache
    k = index_rope(b, w.key_norm(w.key(x))[:, None], positions, w.speeds)[:, 0]  # one for all heads
    cache = {"index_keys": extended(past, "index_keys", k)}
    places = key_positions(len(cache["index_keys"]), positions)
    if b.block_size:
        return of_blocks(b, q, cache["index_keys"], places, positions, most // b.block_size), cache
    if not b.pooled:
        scores = scored(w, x, q, cache["index_keys"])
        if b.always_first or b.always_last:
            scores = np.where(always(b, places, positions), np.inf, scores)
        return best(scores, places <= positions[:, None], most), cache
    cache["index_gates"] = extended(past, "index_gates", w.gate(x))
    pools = pooled(b, w, cache["index_keys"], cache["index_gates"])
    return of_best_pools(b, w, x, q, pools, places, positions, most), cache


def always(b: Numbers, places: Array, positions: Array) -> Array:
    """Which tokens (T, S) are seen whatever their score: the first of all, and the last before each."""
    behind = positions[:, None] - places
    return np.asarray((places < (b.always_first or 0)) | (behind < (b.always_last or 0)))


def of_best_pools(
    b: Numbers,
    w: Weights,
    x: Array,
    q: Array,
    pools: Array,
    places: Array,
    positions: Array,
    most: int,
) -> Array:
    """The tokens (T, S) of the pools (pools, channels) that match best, and those of the pool that is open for a token."""
    ends = b.pooled * np.arange(1, len(pools) + 1) - 1  # the last token of each pool
    chosen = best(scored(w, x, q, pools), ends <= positions[:, None], most // b.pooled)
    pool = places // b.pooled
    own = (pool == (positions[:, None] + 1) // b.pooled) & (places <= positions[:, None])
    of_none = np.pad(chosen, ((0, 0), (0, 1)))  # the last pool isn't full
    return np.asarray(of_none[:, np.minimum(pool, chosen.shape[1])] | own)


def of_blocks(b: Numbers, q: Array, k: Array, places: Array, positions: Array, most: int) -> Array:
    """For each head the tokens (heads, T, S) of the blocks with the best token, a token's own block first."""
    match = np.einsum("thd,sd->hts", q, k)
    match = np.where(places <= positions[:, None], match, -np.inf)
    count = -(-len(k) // b.block_size)
    fill = ((0, 0), (0, 0), (0, count * b.block_size - len(k)))
    match = np.pad(match, fill, constant_values=-np.inf)
    scores = match.reshape(*match.shape[:2], count, b.block_size).max(axis=-1)
    own = np.arange(count) == positions[:, None] // b.block_size
    scores = np.where(own, np.inf, scores)
    chosen = np.stack([best(each, each > -np.inf, most) for each in scores])
    return chosen[..., places // b.block_size]


def scored(w: Weights, x: Array, q: Array, k: Array) -> Array:
    """How well keys (S, channels) match the queries of a token: its heads' sum, weighted where they have weights, (T, S)."""
    match = relu(np.einsum("thd,sd->ths", q, k))
    if w.head_weight is None:
        return np.asarray(match.sum(axis=1))
    return np.asarray(np.einsum("ths,th->ts", match, w.head_weight(x)))


def pooled(b: Numbers, w: Weights, k: Array, gates: Array) -> Array:
    """One key for each full pool of tokens, (pools, channels): theirs, weighted by a softmax of their gates."""
    full = len(k) // b.pooled * b.pooled
    each = (-1, b.pooled, k.shape[1])
    logits = w.pool_positions(gates[:full].reshape(each))
    share = np.swapaxes(softmax(np.swapaxes(logits, 1, 2)), 1, 2)
    return np.asarray((share * k[:full].reshape(each)).sum(axis=1))


def averaged(b: Numbers, w: Weights, k: Array) -> Array:
    """One key for each full pool of tokens, (pools, channels): their mean, normed, at the position of the first."""
    full = len(k) // b.pooled
    means = w.key_norm(k[: full * b.pooled].reshape(full, b.pooled, k.shape[1]).mean(axis=1))
    return index_rope(b, means[:, None], b.pooled * np.arange(full))[:, 0]


def index_rope(b: Numbers, x: Array, positions: Array, speeds: Array | None = None) -> Array:
    """x (T, heads, channels), of which the first `rotated` channels carry the position, or the last."""
    if not b.rotated:
        return x
    return rope_last(b, x, positions) if b.rotated_last else partial_rope(b, x, positions, speeds)


def best(scores: Array, seen: Array, most: int) -> Array:
    """Which of what may be seen scores highest, so many at most: (T, S)."""
    order = np.argsort(-np.where(seen, scores, -np.inf), axis=-1, kind="stable")
    chosen = np.zeros(scores.shape, bool)
    np.put_along_axis(chosen, order[:, :most], True, axis=-1)
    return np.asarray(chosen & seen)
