"""A causal convolution: each channel mixes its last few inputs by weights of its own."""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights


def forward(b: Numbers, w: Weights, x: Array, before: Array | None) -> tuple[Array, Array]:
    """x (T, channels) to the same, and its last inputs, with which the next tokens go on."""
    if before is None:
        before = np.zeros((b.kept or b.taps, len(w.weight)), x.dtype)
    seen = np.concatenate([before, x])
    first = len(before) - b.taps + 1  # the oldest input that the first token reads
    read = np.lib.stride_tricks.sliding_window_view(seen[first:], b.taps, axis=0)
    y = np.einsum("tck,ck->tc", read, w.weight[:, 0])  # the oldest input's tap is the first
    return np.asarray(y if w.bias is None else y + w.bias), seen[-len(before) :]
