"""A causal convolution: each channel mixes its last few inputs by weights of its own."""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights


def forward(b: Numbers, w: Weights, x: Array, before: Array | None) -> tuple[Array, Array]:
    """x (T, channels) to the same, and its last inputs, with which the next tokens go on."""
    taps = w.weight[:, 0].T  # (taps, channels), the oldest input's first
    if before is None:
        before = np.zeros((b.kept or b.taps, len(w.weight)), x.dtype)
    seen = np.concatenate([before, x])
    first = len(before) - b.taps + 1  # the oldest input that the first token reads
    y = sum(tap * seen[first + i : first + i + len(x)] for i, tap in enumerate(taps))
    return np.asarray(y if w.bias is None else y + w.bias), seen[-len(before) :]
