"""A causal convolution: each channel mixes its last few inputs, or those of its head, by weights of its own."""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights
from llm_gallery.mechanisms.forward.token_taps import by_token


def forward(
    b: Numbers, w: Weights, x: Array, before: Array | None, asking: Array | None = None
) -> tuple[Array, Array]:
    """x (T, channels) to the same, and its last inputs, with which the next tokens go on; `asking` may set taps."""
    if w.token_taps is not None and asking is not None:
        return by_token(b, w, x, before, asking)
    if before is None:
        before = np.zeros((b.taps if b.kept is None else b.kept, len(w.weight)), x.dtype)
    seen = np.concatenate([before, x])
    reach = b.taps if b.apart is None else (b.taps - 1) * b.apart + 1
    first = len(before) - reach + 1  # the oldest input that the first token reads
    read = np.lib.stride_tricks.sliding_window_view(seen[first:], reach, axis=0)
    if b.apart is not None:
        read = read[..., :: b.apart]
    if b.convolved_heads:  # each channel reads all of its head
        read = read.reshape(len(x), b.convolved_heads, -1, b.taps)
        each = w.weight.reshape(b.convolved_heads, -1, read.shape[2], b.taps)
        y = np.einsum("thik,hoik->tho", read, each).reshape(len(x), -1)
    else:
        y = np.einsum("tck,ck->tc", read, w.weight[:, 0])  # the oldest input's tap is the first
    return np.asarray(y if w.bias is None else y + w.bias), seen[len(x) :]
