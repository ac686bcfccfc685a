"""Alternating updates (AltUp): a layer works on the first of several streams and corrects a guess of the others by it.

Paper: https://arxiv.org/abs/2301.13310. Model: https://ai.google.dev/gemma/docs/gemma-3n
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights

LEAST = 1e-5
"""Least square of a length that is divided by."""


def around(b: Numbers, w: Weights, x: Array) -> Array:
    """What stands before the layers, or after them."""
    return gathered(b, w, x) if b.gathers else spread(b, w, x)


def spread(b: Numbers, w: Weights, x: Array) -> Array:
    """The embedding x (T, width) as streams (T, streams, width), each by a map of its own."""
    further = [rescaled(w.spread[i](x), x) for i in range(b.streams - 1)]
    return np.stack([x, *further], axis=1)


def gathered(b: Numbers, w: Weights, x: Array) -> Array:
    """The mean of streams x (T, streams, width), each brought back by a map of its own: (T, width)."""
    first = x[:, 0]
    back = [rescaled(w.gathered[i](x[:, i + 1]), first) for i in range(b.streams - 1)]
    return np.asarray(np.mean([first, *back], axis=0))


def rescaled(y: Array, x: Array) -> Array:
    """y (T, width), as long as x."""
    own = np.sqrt(np.maximum(np.mean(y**2, axis=-1, keepdims=True), LEAST))
    return np.asarray(y * np.sqrt(np.mean(x**2, axis=-1, keepdims=True)) / own)


def modality(w: Weights, x: Array) -> Array:
    """How much each map counts for a token, (T, streams), by x (T, width)."""
    return np.asarray(np.tanh(w.modality(w.rms_norm(x) / x.shape[-1])))


def predict(w: Weights, x: Array) -> Array:
    """The streams x (T, streams, width), and what maps from all streams add to each."""
    n = x.shape[1]
    maps = w.predict(modality(w, x[:, 0])).reshape(-1, n, n)  # (T, to, from)
    return np.asarray(x + (maps[..., None] * x[:, None]).sum(axis=2))


def correct(w: Weights, x: Array, y: Array) -> Array:
    """The guessed streams x (T, streams, width), and of what a layer changed in the first, to y (T, width), a share."""
    share = w.correct(modality(w, y)) + 1
    return np.asarray(x + share[..., None] * (y - x[:, 0])[:, None])


def first_stream(b: Numbers, w: Weights, x: Array) -> Array:
    """The first of the streams x (T, streams, width), which the token's row for the layer is gated by."""
    scale = w.output_scale  # stored in any case
    return np.asarray(x[:, 0] * scale if b.scaled_output else x[:, 0])


def added_to_others(x: Array, y: Array) -> Array:
    """The streams (T, streams, width) with y (T, width) added to all but the first."""
    return np.concatenate([x[:, :1], x[:, 1:] + y[:, None]], axis=1)
