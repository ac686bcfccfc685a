"""Scores that fall by what each head has forgotten since, as each token says. Paper: https://arxiv.org/abs/2503.02130"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Past, Weights, extended, softplus


def fading(w: Weights, x: Array, past: Past, scores: Array) -> tuple[Array, Array]:
    """Scores (heads, T, S) with the forgetting after each key, and the logarithms of gates, (S, heads), that are kept."""
    log_decays = extended(past, "faded", -softplus(-w.forget_gate(x)))  # those of sigmoids
    total = np.cumsum(log_decays, axis=0).T
    return scores + total[:, -len(x) :, None] - total[:, None], log_decays
