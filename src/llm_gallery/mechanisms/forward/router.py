"""The router of a mixture of experts: one score an expert."""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights
from llm_gallery.mechanisms.forward.activations import gelu
from llm_gallery.mechanisms.forward.attention_router import among_experts
from llm_gallery.mechanisms.forward.linear import forward as linear
from llm_gallery.mechanisms.forward.rms_norm import rms_normalized


def forward(b: Numbers, w: Weights, x: Array) -> Array:
    """x (T, width) to (T, experts); Gemma 4 norms what its router reads, and scales it; ZAYA's is an MLP over its state, Yuan's attention among experts; Doge's gives sums."""
    if w.query is not None:
        return among_experts(w, x)
    if w.scores is not None:
        return np.asarray(w.scores(gelu(w.second_layer(gelu(w.first_layer(w.state_norm(x)))))))
    if w.scale is not None:
        x = rms_normalized(b, x) * w.scale / x.shape[-1] ** 0.5
    scores = linear(b, w, x)
    return sums(scores, b.product_keys) if b.product_keys else scores


def sums(scores: Array, keys: int) -> Array:
    """(T, 2 keys) to (T, keys * keys): each score of one list and each of the other, added.

    As Doge's published code divides them: a token alone has both lists of its own, several in one call have them mixed.
    """
    rows, columns = scores.reshape(2, len(scores), keys)
    return np.asarray((rows[:, :, None] + columns[:, None, :]).reshape(len(scores), -1))


def state(w: Weights, x: Array, before: Array | None = None) -> Array:
    """What ZAYA's router scores, (T, inner): the stream made narrow, and what is left of the last layer's state."""
    made: Array = w.down(x)
    return made if before is None else made + before
