"""Two states, of which one is renewed: layers read the sum of both. Paper: https://arxiv.org/abs/2506.21734"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights


def forward(b: Numbers, w: Weights, x: Array, other: Array | None) -> Array:
    """The stream x (T, width), one state, and the other one, (T, width): their sum.

    Before a first run wrote the low state, it is one row for all tokens.
    """
    start = w.start
    return np.asarray(x + (start if other is None else other))
