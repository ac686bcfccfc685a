"""What every attention does with its scores: who sees whom, sinks, softmax."""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import (
    Array,
    Numbers,
    Weights,
    capped,
    scaled,
    softmax,
    unknown,
)


def masked_softmax(b: Numbers, w: Weights, scores: Array, positions: Array) -> Array:
    """Shares (heads, T, S) of the tokens that a query may see, by their scores; the newest key is the last."""
    if b.softcap is not None:
        scores = capped(scores, b.softcap)
    if b.temperature_tuning and b.temperature_after:  # Grok's scores grow beyond their cap
        scores = scores * temperature(b, positions)[:, None].astype(scores.dtype)
    if b.bidirectional and b.window is None and b.chunk is None and b.position != "alibi":
        return softmax_with_sinks(b, w, scores)  # nothing is out of sight
    places = key_positions(scores.shape[-1], positions)
    if b.position == "alibi":
        steep = slopes(len(scores))[:, None, None].astype(scores.dtype)
        scores = scores + steep * (places - positions[:, None]).astype(scores.dtype)
    scores = np.where(visible(b, positions[:, None], places), scores, -np.inf)
    return softmax_with_sinks(b, w, scores)


def softmax_with_sinks(b: Numbers, w: Weights, scores: Array) -> Array:
    """Scores (heads, T, S) as shares; where heads have sinks, those take a part."""
    if b.sinks:  # one more key, whose value is nothing
        sink = np.broadcast_to(w.sinks.reshape(-1, 1, 1), (*scores.shape[:2], 1))
        return softmax(np.concatenate([scores, sink], axis=-1))[..., :-1]
    return softmax(scores)


def beside_a_sink(b: Numbers, w: Weights, x: Array, scores: Array, positions: Array) -> Array:
    """Shares (heads, T, S) beside that of nothing, whose score a head the token sets (Inkling 2)."""
    if not b.sinks:
        raise unknown("a sink", b.sinks)
    return beside_nothing(b, scores, w.sink(x).T[..., None], positions)


def beside_a_key(b: Numbers, w: Weights, q: Array, scores: Array, positions: Array) -> Array:
    """Shares (heads, T, S) beside that of nothing, whose key is learned, one a key head (IQuest-Q1)."""
    if not b.sinks:
        return masked_softmax(b, w, scores, positions)
    shared = q.reshape(len(q), b.kv_heads, -1, b.head_dim)
    sink = np.einsum("tghd,gd->ght", shared, w.sink_keys).reshape(b.heads, len(q), 1)
    sink = scaled(sink / b.scale_dim**0.5, b.score_scale)
    return beside_nothing(b, scores, sink, positions)


def beside_nothing(b: Numbers, scores: Array, sink: Array, positions: Array) -> Array:
    """Shares (heads, T, S) of what a query sees beside one more key of the score (heads, T, 1), whose value is nothing."""
    places = key_positions(scores.shape[-1], positions)
    scores = np.where(visible(b, positions[:, None], places), scores, -np.inf)
    return softmax(np.concatenate([scores, sink], axis=-1))[..., :-1]


def key_positions(keys: int, positions: Array) -> Array:
    """The positions of so many keys, of which the last is the newest token's."""
    return np.asarray(np.arange(-keys, 0) + positions[-1] + 1)


def visible(b: Numbers, query: Array, key: Array) -> Array:
    """Whether a token sees another."""
    seen = key <= query
    if b.given_both_ways or b.bidirectional:  # what is given in one call sees all of it
        seen = np.ones_like(seen)
    if b.window is not None:
        seen = seen & (query - key < b.window)  # both inside the window
    if b.chunk is not None:
        seen = seen & (key // b.chunk == query // b.chunk)  # in one chunk
    return np.asarray(seen)


def in_reach(b: Numbers, held: Array, positions: Array) -> Array:
    """What of all tokens so far at least the first of the new ones still sees."""
    if b.window is not None:
        return held[-(b.window + len(positions) - 1) :]
    if b.chunk is not None:
        return held[-(positions[-1] + 1 - positions[0] // b.chunk * b.chunk) :]
    return held


def slopes(heads: int) -> Array:
    """ALiBi's: how much a score falls with each token of distance. Paper: https://arxiv.org/abs/2108.12409"""
    near = 2 ** int(np.floor(np.log2(heads)))
    first = 2.0 ** (-8 * np.arange(1, near + 1) / near)
    between = 2.0 ** (-4 * np.arange(1, 2 * (heads - near), 2) / near)
    return np.concatenate([first, between])


def trimmed(b: Numbers, held: Array) -> Array:
    """What of the kept tokens a later one may still see."""
    if b.window is not None:
        return held[-b.window :]
    if b.chunk is not None:
        return held[-b.chunk :]
    return held


def temperature(b: Numbers, positions: Array) -> Array:
    """What queries grow by with their position: Llama 4's logarithm of the pieces of text before it."""
    if b.temperature_length is None:
        raise unknown("how far queries grow", b.temperature_length)
    if b.temperature_after:
        far = np.maximum(positions, b.temperature_length)
        return np.asarray(np.log(far) / np.log(b.temperature_length))
    if b.temperature_power is not None:  # Beam's
        return np.asarray((1 + (positions + 1) / b.temperature_length) ** b.temperature_power)
    if b.temperature_smooth:  # Inkling's, without steps
        ratio = (positions + 1) / b.temperature_length
        return np.asarray(1 + b.temperature_share * np.log(np.maximum(ratio, 1)))
    pieces = np.floor((positions + b.temperature_from) / b.temperature_length)
    return np.asarray(1 + b.temperature_share * np.log1p(pieces))
