"""A learned bias on scores for head and distance, which each query makes of its own features (Inkling)."""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights
from llm_gallery.mechanisms.forward.bounded_length import shortened
from llm_gallery.mechanisms.forward.scores import temperature


def relative_bias(b: Numbers, w: Weights, x: Array, positions: Array, keys: Array) -> Array:
    """What is added to scores (heads, T, S): nothing from `extent` tokens of distance on; it grows as queries do."""
    features = w.distance(x).reshape(len(x), b.heads, -1)
    if b.longest_distance is not None:
        features = shortened(features * w.distance_scales, b.longest_distance)
    by_distance = np.einsum("thr,re->hte", features, w.distances)
    if b.temperature_tuning:
        by_distance = by_distance * temperature(b, positions)[:, None].astype(x.dtype)
    away = positions[:, None] - keys  # (T, S)
    near = (away >= 0) & (away < b.extent)
    at = np.broadcast_to(np.clip(away, 0, b.extent - 1), (b.heads, *away.shape))
    return np.asarray(np.where(near, np.take_along_axis(by_distance, at, axis=-1), 0))
