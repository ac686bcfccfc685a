"""A short convolution between two gates. Paper: https://arxiv.org/abs/2511.23404"""

from __future__ import annotations

from llm_gallery.mechanisms.forward._array import Array, Numbers, Past, Weights


def forward(b: Numbers, w: Weights, x: Array, past: Past, positions: Array) -> tuple[Array, Past]:
    """x (T, width) to (T, width); kept are the last gated inputs, (taps, width)."""
    y, inputs = w.convolution(w.B(x) * w.x(x), past.get("inputs"))
    return w.output(w.C(x) * y), {"inputs": inputs}
