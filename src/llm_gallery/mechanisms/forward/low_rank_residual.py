"""LAuReL's low-rank form: what it reads, and beside it a normed map of low rank. Paper: https://arxiv.org/abs/2411.07501"""

from __future__ import annotations

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights


def forward(b: Numbers, w: Weights, x: Array) -> Array:
    """x (T, width) to the same."""
    y: Array = x + w.rms_norm(w.latent_up(w.latent_down(x)))
    return y
