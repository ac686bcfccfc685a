"""RWKV-4's time mixing: the average of all values so far, weighted by e^k and a decay. Paper: https://arxiv.org/abs/2305.13048"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Past, Weights, sigmoid
from llm_gallery.mechanisms.forward.token_shift import lerp, shifted


def forward(b: Numbers, w: Weights, x: Array, past: Past, positions: Array) -> tuple[Array, Past]:
    """x (T, width) to (T, width); kept are x of the last token, both sums, and the largest exponent in them.

    The sums, of values and of weights, are divided by e^most, so that no exponent overflows.
    """
    before = shifted(x, past)
    k, v = w.key(lerp(x, before, w.key_mix)), w.value(lerp(x, before, w.value_mix))
    r = sigmoid(w.receptance(lerp(x, before, w.receptance_mix)))
    sums = past.get("sums", np.zeros((2, b.inner), x.dtype))
    most = past.get("most", np.full(b.inner, -1e38, x.dtype))
    decay = -np.exp(w.decay)
    y = np.empty_like(v)
    for t in range(len(x)):
        counted = np.stack([v[t], np.ones_like(v[t])])
        cache = k[t] + w.first  # what this token counts more than it will later
        top = np.maximum(most, cache)
        read = np.exp(most - top) * sums + np.einsum("c,ic->ic", np.exp(cache - top), counted)
        y[t] = read[0] / read[1]
        top = np.maximum(most + decay, k[t])
        written = np.einsum("c,ic->ic", np.exp(k[t] - top), counted)
        sums, most = np.exp(most + decay - top) * sums + written, top
    return w.output(r * y), {"last": x[-1:], "sums": sums, "most": most}
