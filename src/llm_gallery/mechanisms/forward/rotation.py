"""Rotary positions: each pair of channels turns by an angle that grows with the token's position.

Papers: https://arxiv.org/abs/2104.09864 (RoPE), https://arxiv.org/abs/2309.00071 (YaRN),
https://arxiv.org/abs/2402.13753 (LongRoPE)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, unknown


def rotated(b: Numbers, x: Array, positions: Array, dim: int | None = None) -> Array:
    """x (T, heads, channels) with its first `dim` channels turned, half against half or pair by pair."""
    if dim is None:
        dim = x.shape[-1] if b.spread else b.rotated
    angles = positions[:, None] * frequencies(b, dim, positions)  # (T, dim / 2)
    if b.backwards:
        angles = -angles
    length = 1.0 if b.rotated_scale is None else b.rotated_scale**0.5
    cos, sin = (length * f(angles)[:, None].astype(x.dtype) for f in (np.cos, np.sin))
    if b.pairs:
        one, other = x[..., 0:dim:2], x[..., 1:dim:2]
    else:
        one, other = x[..., : dim // 2], x[..., dim // 2 : dim]
    turned = (one * cos - other * sin, other * cos + one * sin)
    if b.pairs:
        y = np.stack(turned, axis=-1).reshape(*x.shape[:-1], dim)
    else:
        y = np.concatenate(turned, axis=-1)
    return np.concatenate([y, x[..., dim:]], axis=-1)


def rotated_last(b: Numbers, x: Array, positions: Array) -> Array:
    """x (T, heads, channels) with its last `rotated` channels turned."""
    plain = x.shape[-1] - b.rotated
    return np.concatenate([x[..., :plain], rotated(b, x[..., plain:], positions)], axis=-1)


def frequencies(b: Numbers, dim: int, positions: Array) -> Array:
    """Radians a token for each of dim / 2 pairs, the fastest first, lengthened as the context is extended."""
    plain = b.rope_base ** (-np.arange(0, dim, 2) / dim)
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
            beyond = positions[-1] + 1 > b.original_context
            return np.asarray(plain / stretch["long_factor" if beyond else "short_factor"])
    raise unknown("rope_scaling", b.rope_scaling)


def _llama3(b: Numbers, plain: Array, stretch: dict[str, Any]) -> Array:
    """Waves longer than the old context are lengthened, short ones left, and between them a blend."""
    low, high = stretch["low_freq_factor"], stretch["high_freq_factor"]
    turns = b.original_context * plain / (2 * np.pi)
    left = np.clip((turns - low) / (high - low), 0, 1)
    return np.asarray(left * plain + (1 - left) * plain / b.rope_factor)


def _yarn(b: Numbers, plain: Array, dim: int, stretch: dict[str, Any]) -> Array:
    """Pairs that turn less than `beta_slow` times in the old context are lengthened, those of more than `beta_fast` left."""

    def pair(turns: float) -> float:
        return float(
            dim * np.log(b.original_context / (turns * 2 * np.pi)) / (2 * np.log(b.rope_base))
        )

    fast, slow = stretch.get("beta_fast") or 32.0, stretch.get("beta_slow") or 1.0
    first, last = pair(fast), pair(slow)
    if stretch.get("truncate", True):
        first, last = np.floor(first), np.ceil(last)
    first, last = max(first, 0), min(last, dim - 1)
    if first == last:
        last += 0.001
    stretched = np.clip((np.arange(dim // 2) - first) / (last - first), 0, 1)
    return np.asarray(plain * (1 - stretched) + plain / b.rope_factor * stretched)
