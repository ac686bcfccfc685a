"""Rotary positions: each pair of channels turns by an angle that grows with the token's position.

Papers: https://arxiv.org/abs/2104.09864 (RoPE), https://arxiv.org/abs/2309.00071 (YaRN),
https://arxiv.org/abs/2402.13753 (LongRoPE)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, unknown


def partial_rope(b: Numbers, x: Array, positions: Array, speeds: Array | None = None) -> Array:
    """x (T, heads, channels) with its first channels turned."""
    if b.spread or b.rotated == b.head_dim:
        return rope(b, x, positions, speeds)
    return np.concatenate(
        [rope(b, x[..., : b.rotated], positions, speeds), x[..., b.rotated :]], axis=-1
    )


def rope(b: Numbers, x: Array, positions: Array, speeds: Array | None = None) -> Array:
    """x (T, heads, dim) with its pairs of channels turned by the angles of their positions."""
    angles = positions[:, None] * frequencies(b, x.shape[-1], positions)  # (T, dim / 2)
    if speeds is not None:
        angles = angles * np.exp(speeds)  # what each pair learned to turn faster by
    if b.backwards:
        angles = -angles
    cos, sin = np.cos(angles)[:, None].astype(x.dtype), np.sin(angles)[:, None].astype(x.dtype)
    if b.rotated_scale is not None:
        cos, sin = cos * b.rotated_scale**0.5, sin * b.rotated_scale**0.5
    if b.pairs:
        x1, x2 = x[..., 0::2], x[..., 1::2]  # neighbours are a pair
        pairs = np.stack([x1 * cos - x2 * sin, x2 * cos + x1 * sin], axis=-1)
        return pairs.reshape(x.shape)
    x1, x2 = np.split(
        x, 2, axis=-1
    )  # channels of the first half are paired with those of the second
    return np.concatenate([x1 * cos - x2 * sin, x2 * cos + x1 * sin], axis=-1)


def rope_last(b: Numbers, x: Array, positions: Array) -> Array:
    """x (T, heads, channels) with its last `rotated` channels turned."""
    plain = x.shape[-1] - b.rotated
    return np.concatenate([x[..., :plain], rope(b, x[..., plain:], positions)], axis=-1)


def frequencies(b: Numbers, dim: int, positions: Array) -> Array:
    """Radians a token for each of dim / 2 pairs, the fastest first."""
    plain = b.rope_base ** (-np.arange(0, dim, 2) / (b.spacing or dim))
    if b.spread:  # the slower pairs of the whole head don't turn
        plain[b.rotated // 2 :] = 0
    stretch = b.stretch or {}
    match b.rope_scaling:
        case None:
            return np.asarray(plain)
        case "linear":
            return np.asarray(plain / b.rope_factor)
        case "dynamic" if "alpha" in stretch:
            return np.asarray(plain * stretch["alpha"] ** (-np.arange(0, dim, 2) / (dim - 2)))
        case "llama3":
            return _llama3(b, plain, stretch)
        case "yarn":
            return _yarn(b, plain, dim, stretch)
        case "longrope":
            if positions[-1] + 1 > b.original_context:
                return np.asarray(plain / stretch["long_factor"])
            return np.asarray(plain / stretch["short_factor"])
    raise unknown("rope_scaling", b.rope_scaling)


def _llama3(b: Numbers, plain: Array, stretch: dict[str, Any]) -> Array:
    """Waves longer than the old context are lengthened, short ones left, and between them a blend."""
    low, high = stretch["low_freq_factor"], stretch["high_freq_factor"]
    turns = b.original_context * plain / (2 * np.pi)
    left = np.interp(turns, (low, high), (0, 1))  # a step where both are one, as in Llama 4 Scout
    return np.asarray(left * plain + (1 - left) * plain / b.rope_factor)


def _yarn(b: Numbers, plain: Array, dim: int, stretch: dict[str, Any]) -> Array:
    """Pairs that turn less than `beta_slow` times in the old context are lengthened, those of more than `beta_fast` left."""
    fast, slow = stretch.get("beta_fast") or 32.0, stretch.get("beta_slow") or 1.0
    first, last = yarn_pair(b, dim, fast), yarn_pair(b, dim, slow)
    if stretch.get("truncate", True):
        first, last = np.floor(first), np.ceil(last)
    first, last = max(first, 0), min(last, dim - 1)
    if first == last:
        last += 0.001
    stretched = np.clip((np.arange(dim // 2) - first) / (last - first), 0, 1)
    return np.asarray(plain * (1 - stretched) + plain / b.rope_factor * stretched)


def yarn_pair(b: Numbers, dim: int, turns: float) -> float:
    """The pair, a fraction of one included, that turns so many times in the old context."""
    old, base = b.original_context, b.rope_base
    return float(dim * np.log(old / (turns * 2 * np.pi)) / (2 * np.log(base)))
