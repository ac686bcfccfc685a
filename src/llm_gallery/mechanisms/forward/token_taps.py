"""A causal convolution whose taps the token sets in part: learned ones a channel, and its own a head (Inkling 2)."""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights


def by_token(
    b: Numbers, w: Weights, x: Array, before: Array | None, asking: Array
) -> tuple[Array, Array]:
    """x (T, channels) to the same, by taps that `asking` (T, width) sets, and the last inputs."""
    if before is None:
        before = np.zeros((b.taps, x.shape[-1]), x.dtype)
    seen = np.concatenate([before, x])
    read = np.lib.stride_tricks.sliding_window_view(seen[1:], b.taps, axis=0)[..., ::-1]
    read = read.reshape(len(x), b.heads, -1, b.taps)  # the newest input first
    own = w.token_taps(asking).reshape(len(x), b.heads, 1, b.taps)
    taps = w.weight.T.reshape(b.heads, -1, b.taps) + own
    y = np.einsum("thck,thck->thc", read, taps)
    return np.asarray(y.reshape(x.shape)), seen[len(x) :]
