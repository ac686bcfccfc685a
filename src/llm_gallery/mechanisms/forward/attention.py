"""Attention: each token takes a mean of values, weighted by how well its queries fit their keys.

Papers: https://arxiv.org/abs/1706.03762, https://arxiv.org/abs/2305.13245
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import (
    Array,
    Numbers,
    Past,
    Weights,
    kept,
    scaled,
    unknown,
)
from llm_gallery.mechanisms.forward.activations import activation
from llm_gallery.mechanisms.forward.rotation import rotated
from llm_gallery.mechanisms.forward.scores import attended, forgotten, temperature

EACH = ("per head", "each head its own")


def forward(b: Numbers, w: Weights, x: Array, past: Past, positions: Array) -> tuple[Array, Past]:
    """x (T, width) to (T, width); kept are keys and values, (tokens, kv_heads, channels)."""
    x = scaled(x, b.input_scale)
    q, k, v = queries_keys_values(b, w, x, positions)
    k, v = kept(past, "keys", k), kept(past, "values", v)  # (S, kv_heads, channels)
    shared = q.reshape(len(x), b.kv_heads, -1, b.head_dim)  # the queries of each key
    scores = np.einsum("tghd,sgd->ghts", shared, k).reshape(b.heads, len(x), -1)
    scores = scaled(scores / b.scale_dim**0.5, b.score_scale)
    if b.scores_by_layer:
        scores = scores / (b.layer + 1)
    p = attended(b, w, scores, positions).reshape(b.kv_heads, -1, len(x), len(k))
    o = np.einsum("ghts,sgd->tghd", p, v).reshape(len(x), b.heads, -1)
    o = gated(b, w, x, o).reshape(len(x), -1)
    y = scaled(w.output(o), b.output_scale)
    return y, {"keys": forgotten(b, k), "values": forgotten(b, v)}


def queries_keys_values(
    b: Numbers, w: Weights, x: Array, positions: Array
) -> tuple[Array, Array, Array]:
    """Queries, keys and values as attention compares them, (T, heads, channels) each."""
    q, k = w.query(x), w.key(x)
    v = k if b.unified_kv else w.value(x)
    if b.qk_norm == "all heads":
        q, k = w.query_norm(q), w.key_norm(k)
    if b.clip is not None:
        q, k, v = (np.clip(one, -b.clip, b.clip) for one in (q, k, v))
    q, k = q.reshape(len(x), b.heads, -1), k.reshape(len(x), b.kv_heads, -1)
    v = v.reshape(len(x), b.kv_heads, -1)
    if b.qk_norm in EACH:
        q, k = w.query_norm(q), w.key_norm(k)
    if b.value_norm:
        v = unit(b, v)
    if b.position == "rope":
        q, k = rotated(b, q, positions), rotated(b, k, positions)
    if b.qk_norm == "per head, after rotation":
        q, k = w.query_norm(q), w.key_norm(k)
    if b.qk_norm in ("l2", "without weights"):
        q, k = unit(b, q), unit(b, k)
    if b.temperature_tuning:
        q = q * temperature(b, positions)[:, None, None].astype(q.dtype)
    if b.value_scale is not None:
        v = v * b.value_scale
    return q, k, v


def unit(b: Numbers, x: Array) -> Array:
    """A vector divided by its root mean square."""
    return np.asarray(x / np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + b.eps))


def gated(b: Numbers, w: Weights, x: Array, o: Array) -> Array:
    """The output o (T, heads, channels), times a gate a head or a channel."""
    if b.gate is None:
        return o
    if not isinstance(b.gate, str):
        raise unknown("a gate", b.gate)
    gate = activation(b.gate)(w.gate(x))
    each = gate.reshape(len(x), b.heads, -1)  # one number a head, or one a channel
    return o * each
