"""RWKV-4's time mixing: the average of all values so far, weighted by e^k and a decay. Paper: https://arxiv.org/abs/2305.13048"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Past, Weights, sigmoid
from llm_gallery.mechanisms.forward.token_shift import mixed, previous


def forward(b: Numbers, w: Weights, x: Array, past: Past, positions: Array) -> tuple[Array, Past]:
    """x (T, width) to (T, width); kept are x of the last token, both sums, and the largest exponent in them.

    The sums are divided by e^most, so that no exponent overflows.
    """
    before = previous(x, past)
    k, v = w.key(mixed(x, before, w.key_mix)), w.value(mixed(x, before, w.value_mix))
    r = sigmoid(w.receptance(mixed(x, before, w.receptance_mix)))
    nothing = np.zeros(b.inner, x.dtype)
    above, below = past.get("above", nothing), past.get("below", nothing)
    most = past.get("most", nothing - 1e38)
    fade = -np.exp(w.decay)
    y = np.empty_like(v)
    for t in range(len(x)):
        now = k[t] + w.first  # what this token counts more than it will later
        top = np.maximum(most, now)
        old, new = np.exp(most - top), np.exp(now - top)
        y[t] = (old * above + new * v[t]) / (old * below + new)
        top = np.maximum(most + fade, k[t])
        old, new = np.exp(most + fade - top), np.exp(k[t] - top)
        above, below, most = old * above + new * v[t], old * below + new, top
    return w.output(r * y), {"last": x[-1:], "above": above, "below": below, "most": most}
