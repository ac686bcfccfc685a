"""Gated residual streams: a branch reads the mean of all streams, normed and gated by channel, and writes to each.

Report: https://github.com/QwenLM/Qwen3.8-Flash-Next/blob/main/tech_report.pdf
"""

from __future__ import annotations

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights, sigmoid
from llm_gallery.mechanisms.forward.activations import silu


def read(b: Numbers, w: Weights, x: Array) -> tuple[Array, Array | None, None]:
    """Streams x (T, streams, width) to what the branch reads (T, width), and how much it writes to each, (T, streams)."""
    z, n = w.rms_norm(x), x.shape[1]
    flat = z.reshape(len(x), -1)
    gates = sigmoid(w.read(silu(w.read_down(flat) / n))).reshape(x.shape)
    y = (gates * z).mean(axis=1)
    if w.write is None:  # after the last layer
        return y, None, None
    return y, 2 * sigmoid(w.write(flat) / n), None
