"""Attention over a window of tokens and a stream of entries, each of which stands for a group of earlier tokens.

Report: https://huggingface.co/deepseek-ai/DeepSeek-V4-Flash/blob/main/DeepSeek_V4.pdf
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Past, Weights, extended, unknown
from llm_gallery.mechanisms.forward.rms_norm import rms_normalized
from llm_gallery.mechanisms.forward.rotation import rope_last
from llm_gallery.mechanisms.forward.scores import (
    key_positions,
    softmax_with_sinks,
    trimmed,
    visible,
)


def forward(b: Numbers, w: Weights, x: Array, past: Past, positions: Array) -> tuple[Array, Past]:
    """x (T, width) to (T, width); kept are the window's entries, those of the groups, and open groups."""
    if b.position != "rope":
        raise unknown("a position", b.position)
    latent, q = queries(b, w, x, positions)
    entries, seen = of_tokens(b, w, x, past, positions)
    cache = {"tokens": trimmed(b, entries)}
    if b.ratio:
        groups, which, stream = of_groups(b, w, x, latent, past, positions)
        entries, seen = np.concatenate([entries, groups]), np.concatenate([seen, which], axis=1)
        cache |= stream
    return w.output(weighted(b, w, q, entries, seen, positions)), cache


def of_tokens(
    b: Numbers, w: Weights, x: Array, past: Past, positions: Array
) -> tuple[Array, Array]:
    """An entry for each token so far, key and value in one for all heads, and which of them each token sees, (T, S)."""
    new = w.key_value_norm(w.key_value(x))[:, None]
    entries = extended(past, "tokens", rope_last(b, new, positions)[:, 0])
    return entries, visible(b, positions[:, None], key_positions(len(entries), positions))


def queries(b: Numbers, w: Weights, x: Array, positions: Array) -> tuple[Array, Array]:
    """A latent (T, rank), and the queries (T, heads, head_dim) that are made of it."""
    latent = w.query_latent_norm(w.query_down(x))
    q = w.query(latent).reshape(len(x), b.heads, -1)
    return latent, rope_last(b, rms_normalized(b, q) if b.query_norm else q, positions)


def weighted(
    b: Numbers, w: Weights, q: Array, entries: Array, seen: Array, positions: Array
) -> Array:
    """The entries (S, head_dim) that queries see, weighted for each head, and projected down in groups of heads."""
    of_any = seen.any(axis=0)
    entries, seen = entries[of_any], seen[:, of_any]
    scores = np.einsum("thd,sd->hts", q, entries) / b.head_dim**0.5
    p = softmax_with_sinks(b, w, np.where(seen, scores, -np.inf))
    o = rope_last(b, np.einsum("hts,sd->thd", p, entries), -positions)
    o = o.reshape(len(q), b.output_groups, -1)
    down = w.output_down.w.weight.reshape(o.shape[2], b.output_groups, -1)
    return np.asarray(np.einsum("tgi,igr->tgr", o, down).reshape(len(q), -1))


def of_groups(
    b: Numbers, w: Weights, x: Array, latent: Array, past: Past, positions: Array
) -> tuple[Array, Array, Past]:
    """The entries of full groups, which of them each token sees, (T, groups), and what is kept of both."""
    entries, cache = w.compressor(x, past)
    seen = np.arange(len(entries)) < (positions[:, None] + 1) // b.ratio
    if not b.selected:
        return entries, seen, cache
    chosen, index = w.indexer(x, latent, past, positions, b.selected)
    return entries, chosen, {**cache, **index}
