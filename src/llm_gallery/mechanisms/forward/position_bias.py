"""What each head adds to a score: by the bucket of the distance, or by two segments where they differ (T5, CPM-Ant).

Paper: https://arxiv.org/abs/1910.10683
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights
from llm_gallery.mechanisms.forward.segment_embedding import segments


def forward(b: Numbers, w: Weights, positions: Array) -> Array:
    """Positions (T,) to biases (heads, T, S), of all S keys up to the newest."""
    keys = np.arange(positions[-1] + 1)
    asks, asked = segments(b, positions)[:, None], segments(b, keys)
    between = b.buckets + asks * b.segments + asked
    rows = np.where(asks == asked, bucket(b, keys - positions[:, None]), between)
    each = w.relative_attention_bias[rows].reshape(len(positions), len(keys), b.heads)
    return np.moveaxis(each, -1, 0)


def bucket(b: Numbers, ahead: Array) -> Array:
    """Half of the buckets are for keys before a query, half for those after: near ones one by one, far ones by logarithm."""
    half = b.buckets // 2
    near = half // 2
    away = np.abs(ahead)
    far = np.log(np.maximum(away, near) / near) / np.log(b.farthest / near)
    number = np.where(away < near, away, near + (far * (half - near)).astype(int))
    return np.asarray(np.where(ahead > 0, half, 0) + np.minimum(number, half - 1))
