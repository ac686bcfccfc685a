"""Attention over blocks of tokens: the last ones, and some of those before, others in each head (Phi-3 small, ruGPT-3 XL).

Papers: https://arxiv.org/abs/2404.14219, https://arxiv.org/abs/1904.10509
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, scaled, softmax
from llm_gallery.mechanisms.forward.scores import key_positions


def by_blocks(b: Numbers, q: Array, k: Array, v: Array, positions: Array) -> Array:
    """What queries (T, heads, dim) read of keys and values (S, kv_heads, dim): (T, heads, dim)."""
    places, each = key_positions(len(k), positions), b.heads // b.kv_heads
    made = []
    for head in range(b.heads):
        visible = seen(b, head, positions[:, None], places)  # (T, S)
        keys = visible.any(axis=0)
        scores = np.einsum("td,sd->ts", q[:, head], k[keys, head // each])
        scores = scaled(scores / b.scale_dim**0.5, b.score_scale)
        p = softmax(np.where(visible[:, keys], scores, -np.inf))
        made.append(np.einsum("ts,sd->td", p, v[keys, head // each]))
    return np.stack(made, axis=1)


def seen(b: Numbers, head: int, query: Array, key: Array) -> Array:
    """Whether a token sees another in this head."""
    if b.sparse_patterns:
        return in_stretches(b, head, query, key)
    ahead = query // b.sparse_block - key // b.sparse_block  # in blocks
    far = (key // b.sparse_block + head + 1) % b.sparse_stride == 0
    return np.asarray((key <= query) & ((ahead < b.sparse_local) | far))


def in_stretches(b: Numbers, head: int, query: Array, key: Array) -> Array:
    """Whether a token sees another of its own stretch of blocks, or in one of those blocks of an earlier that its head sees."""
    first = b.sparse_stride - (1 + head % b.sparse_patterns) * b.sparse_seen
    place = key // b.sparse_block % b.sparse_stride  # of a block in its stretch
    far = (place >= first) & (place < first + b.sparse_seen)
    tokens = b.sparse_block * b.sparse_stride
    return np.asarray((key <= query) & ((query // tokens == key // tokens) | far))
