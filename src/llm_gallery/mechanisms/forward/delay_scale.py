"""An adaptive norm's scale, made of the delay. Paper: https://arxiv.org/abs/2602.11298"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights
from llm_gallery.mechanisms.forward.activations import activation


def forward(b: Numbers, w: Weights, x: Array) -> Array:
    """x (T, width) to the same; made anew for each token, as a step that writes one does."""
    delay = np.tile(waves(b), (len(x), 1)).astype(x.dtype)
    inner = activation(b.activation)(w.latent_down(delay))
    y: Array = x * (1 + w.latent_up(inner))
    return y


def waves(b: Numbers) -> Array:
    """Cosines of the delay and after them sines, the fastest first: (width,)."""
    half = b.width // 2
    angles = b.delay * 10000.0 ** (-np.arange(half) / half)
    return np.concatenate([np.cos(angles), np.sin(angles)])
