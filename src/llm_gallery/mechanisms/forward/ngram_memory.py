"""N-gram memory: what the last few tokens look up joins the stream.

Papers: https://arxiv.org/abs/2501.16975, https://arxiv.org/abs/2601.07372
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Past, Weights, sigmoid, unknown
from llm_gallery.mechanisms.forward.activations import silu

LEAST = 1e-6
"""Least size of a match before its root."""


def forward(b: Numbers, w: Weights, x: Array, past: Past, tokens: Array) -> tuple[Array, Past]:
    """Streams x (T, streams, width) to what each is given, or a stream x (T, width) to the next; kept are the last tokens."""
    if b.summed:
        return summed(b, w, x, past, tokens)
    if b.end is None:
        raise unknown("the token that ends a text", b.end)
    before = past.get("tokens", np.full(b.longest - 1, b.end))
    seen = np.concatenate([before, tokens])
    rows = w.lookup_table(x, words(b, seen, len(tokens)))
    if w.key is None:
        return averaged(b, w, x, rows), {"tokens": seen[len(tokens) :]}
    key = w.key_norm(w.key(rows).reshape(x.shape))
    match = (key * w.query_norm(x)).sum(axis=-1, keepdims=True) / x.shape[-1] ** 0.5
    gate = sigmoid(np.sign(match) * np.sqrt(np.maximum(np.abs(match), LEAST)))
    y = gate * w.value(rows)[:, None]
    normed = w.convolution_norm(y).reshape(len(x), -1)
    mixed, inputs = w.convolution(normed, past.get("inputs"))
    cache = {"tokens": seen[len(tokens) :], "inputs": inputs}
    return np.asarray(y + silu(mixed).reshape(x.shape)), cache


def summed(b: Numbers, w: Weights, x: Array, past: Past, tokens: Array) -> tuple[Array, Past]:
    """A stream x (T, width) with all rows added; before the first token stands the number 0."""
    seen = np.concatenate([past.get("tokens", np.zeros(b.longest - 1, tokens.dtype)), tokens])
    rows = w.lookup_table(x, np.lib.stride_tricks.sliding_window_view(seen, b.longest)[:, ::-1])
    each = rows.reshape(len(x), b.read, -1)
    return x + each.sum(axis=1), {"tokens": seen[len(tokens) :]}


def averaged(b: Numbers, w: Weights, x: Array, rows: Array) -> Array:
    """The mean of a stream x (T, width) and of what each row gives it, by a matrix of its own."""
    each = rows.reshape(len(x), b.read, -1)
    for i in range(b.read):
        x = x + w.of_row[i](each[:, i])
    return np.asarray(x / (1 + b.read))


def words(b: Numbers, seen: Array, count: int) -> Array:
    """Each of the last `count` tokens and those before it, the newest first: (count, longest).

    Behind a token that ends a text nothing is seen; that token or a filler stands in its place.
    """
    nothing = b.end if b.filler is None else b.filler
    made, open_ = [seen[-count:]], np.ones(count, bool)
    for back in range(1, b.longest):
        one = seen[len(seen) - count - back : len(seen) - back]
        open_ = open_ & (one != b.end)
        made.append(np.where(open_, one, nothing))
    return np.stack(made, axis=1)
