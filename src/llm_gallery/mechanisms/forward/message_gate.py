"""How much of a message joins what a branch reads, and how much of that is left, channel by channel.

Reference: transformers/models/inkling2_loop/modular_inkling2_loop.py
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights


def forward(b: Numbers, w: Weights, x: Array, message: Array) -> Array:
    """x (T, width) and a message of that shape to the same; by three gates, x and three messages to (T, 3, width).

    x may be three already, for queries, keys and values each.
    """
    if w.query is None:
        return joined(w, x, message)
    each = x if x.ndim == 3 else np.repeat(x[:, None], 3, axis=1)
    q, k = w.query(each[:, 0], message[:, 0]), w.key(each[:, 1], message[:, 1])
    return np.stack([q, k, w.value(each[:, 2], message[:, 2])], axis=1)


def joined(w: Weights, x: Array, message: Array) -> Array:
    """x, of which a share is forgotten, with a share of the message; a share may be negative."""
    latent = w.gate_down(np.concatenate([w.rms_norm(x), w.rms_norm(message)], axis=-1))
    return np.asarray((1 - np.tanh(w.forget_gate(latent))) * x + np.tanh(w.gate(latent)) * message)
