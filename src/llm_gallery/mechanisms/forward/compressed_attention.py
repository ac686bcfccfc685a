"""Attention over a window of tokens and a stream of entries, each of which stands for a group of earlier tokens.

Report: https://huggingface.co/deepseek-ai/DeepSeek-V4-Flash/blob/main/DeepSeek_V4.pdf
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Past, Weights, kept, unknown
from llm_gallery.mechanisms.forward.rms_norm import unit
from llm_gallery.mechanisms.forward.rotation import rotated_last
from llm_gallery.mechanisms.forward.scores import forgotten, numbered, shares, visible


def forward(b: Numbers, w: Weights, x: Array, past: Past, positions: Array) -> tuple[Array, Past]:
    """x (T, width) to (T, width); kept are the window's entries, those of the groups, and open groups."""
    if b.position != "rope":
        raise unknown("a position", b.position)
    latent, q = queries(b, w, x, positions)
    new = w.key_value_norm(w.key_value(x))[:, None]  # key and value in one, for all heads
    tokens = kept(past, "tokens", rotated_last(b, new, positions)[:, 0])
    seen = visible(b, positions[:, None], numbered(len(tokens), positions))
    now = {"tokens": forgotten(b, tokens)}
    entries = tokens
    if b.ratio:
        groups, which, stream = of_groups(b, w, x, latent, past, positions)
        entries, seen = np.concatenate([tokens, groups]), np.concatenate([seen, which], axis=1)
        now |= stream
    return w.output(weighted(b, w, q, entries, seen, positions)), now


def queries(b: Numbers, w: Weights, x: Array, positions: Array) -> tuple[Array, Array]:
    """A latent (T, rank), and the queries (T, heads, head_dim) that are made of it."""
    latent = w.query_latent_norm(w.query_down(x))
    q = w.query(latent).reshape(len(x), b.heads, -1)
    return latent, rotated_last(b, unit(b, q) if b.query_norm else q, positions)


def weighted(
    b: Numbers, w: Weights, q: Array, entries: Array, seen: Array, positions: Array
) -> Array:
    """The entries (S, head_dim) that queries see, weighted for each head, and projected down in groups of heads."""
    of_any = seen.any(axis=0)
    entries, seen = entries[of_any], seen[:, of_any]
    scores = np.einsum("thd,sd->hts", q, entries) / b.head_dim**0.5
    p = shares(b, w, np.where(seen, scores, -np.inf))
    o = rotated_last(b, np.einsum("hts,sd->thd", p, entries), -positions)
    o = o.reshape(len(q), b.output_groups, -1)
    down = w.output_down.w.weight.reshape(o.shape[2], b.output_groups, -1)
    return np.asarray(np.einsum("tgi,igr->tgr", o, down).reshape(len(q), -1))


def of_groups(
    b: Numbers, w: Weights, x: Array, latent: Array, past: Past, positions: Array
) -> tuple[Array, Array, Past]:
    """The entries of full groups, which of them each token sees, (T, groups), and what is kept of both."""
    entries, now = w.compressor(x, past)
    seen = np.arange(len(entries)) < (positions[:, None] + 1) // b.ratio
    if not b.selected:
        return entries, seen, now
    chosen, index = w.indexer(x, latent, past, positions, b.selected)
    return entries, chosen, {**now, **index}
