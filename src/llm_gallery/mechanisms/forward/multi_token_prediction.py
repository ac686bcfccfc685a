"""What a prediction module reads: next token and stream, each normed, side by side, through one matrix.

Paper: https://arxiv.org/abs/2412.19437 (section 2.2)
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights


def forward(b: Numbers, w: Weights, x: Array, following: Array) -> Array:
    """x (T, width), the stream after the last norm, and each next token's embedding (T, width) to the same."""
    both = np.concatenate([w.token_norm(following), w.stream_norm(x)], axis=-1)
    y: Array = w.join(both)
    return y
