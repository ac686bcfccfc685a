"""Gated residual streams: a branch reads the mean of all streams, normed and gated by channel, and writes to each.

Report: https://github.com/QwenLM/Qwen3.8-Flash-Next/blob/main/tech_report.pdf
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights, sigmoid
from llm_gallery.mechanisms.forward.activations import silu


def read(b: Numbers, w: Weights, x: Array) -> tuple[Array, Array, None]:
    """Streams x (T, streams, width) to what the branch reads (T, width), and how much it writes to each, (T, streams)."""
    z = w.rms_norm(x)
    flat, n = z.reshape(len(x), -1), x.shape[1]
    return gated_mean(w, z), 2 * sigmoid(w.write(flat) / n), None


def read_last(b: Numbers, w: Weights, x: Array) -> Array:
    """Streams x (T, streams, width) after the last layer, to what the head reads (T, width)."""
    return gated_mean(w, w.rms_norm(x))


def gated_mean(w: Weights, z: Array) -> Array:
    """The mean of normed streams z (T, streams, width), each channel of each gated: (T, width)."""
    gates = sigmoid(w.read(silu(w.read_down(z.reshape(len(z), -1)) / z.shape[1])))
    return np.asarray((gates.reshape(z.shape) * z).mean(axis=1))
