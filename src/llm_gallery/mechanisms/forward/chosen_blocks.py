"""Attention that reads, of a long text, the blocks whose mean keys score best (InfLLM v2).

Paper: https://arxiv.org/abs/2509.24663
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers


def chosen_blocks(b: Numbers, q: Array, k: Array, positions: Array) -> Array:
    """Which keys (S, kv_heads, dim) the queries (T, heads, dim) of each key head read: (kv_heads, T, S)."""
    start, most, size = b.sparse_from, b.sparse_blocks, b.sparse_block
    places, own = np.arange(len(k)), positions[:, None] // size
    visible = places <= positions[:, None]
    blocks = np.arange(-(-len(k) // size))
    scores = block_scores(b, q, k, positions, len(blocks))
    always = (blocks < b.first_blocks) | (blocks >= own - b.last_blocks)
    scores = np.where(blocks > own, -np.inf, np.where(always, np.inf, scores))
    best = np.argsort(-scores, axis=-1, kind="stable")[..., :most]
    read = np.zeros(scores.shape, bool)
    np.put_along_axis(read, best, True, axis=-1)
    return np.asarray(visible & (read[..., places // size] | (len(k) < start)))


def block_scores(b: Numbers, q: Array, k: Array, positions: Array, blocks: int) -> Array:
    """How well each block fits the queries of each key head: (kv_heads, T, blocks), by the best of its means."""
    span, every, each = b.sparse_means, b.sparse_every, b.sparse_block // b.sparse_every
    if len(k) < b.sparse_from:  # all of it is read, so that nothing is scored
        return np.zeros((b.kv_heads, len(q), blocks), q.dtype)
    fine = mean_scores(b, q, k, positions, span, every)
    coarse = mean_scores(b, q, k, positions, 4 * span, 4 * every)  # fewer, by which all are divided
    whole = np.logaddexp.reduce(coarse, axis=-1)[..., None]
    known = np.isfinite(whole)  # early tokens have no coarse mean, and read all that they see
    p = np.exp(np.where(known, fine, -np.inf) - np.where(known, whole, 0))
    p = p.sum(axis=1)  # over the queries of a key, which read the same
    padded = np.full((*p.shape[:2], blocks * each + 1), -np.inf, q.dtype)
    p = p[..., : blocks * each]
    padded[..., 1 : p.shape[-1] + 1] = p  # the mean before a block's first reaches into it
    return np.asarray(
        np.max([padded[..., first::each][..., :blocks] for first in range(each + 1)], axis=0)
    )


def mean_scores(b: Numbers, q: Array, k: Array, positions: Array, span: int, every: int) -> Array:
    """Scores of queries with means of `span` keys, one from `every` key on: (kv_heads, queries, T, means)."""
    starts = np.arange(0, len(k) - span + 1, every)
    means = np.array([k[first : first + span].mean(axis=0) for first in starts])
    means = means.reshape(len(starts), *k.shape[1:])
    whole = (positions + 1 - span) // every + 1  # means that are complete at each query
    if len(positions) == len(k) > 1 and (len(k) + 1) % every == 0:
        whole = whole - 1  # the kernel's mask of a text given whole is one short at such lengths
    shared = q.reshape(len(q), b.kv_heads, -1, b.head_dim)
    scores = np.einsum("tghd,ngd->ghtn", shared, means) / b.scale_dim**0.5
    return np.where(np.arange(len(starts)) < whole[:, None], scores, -np.inf)
