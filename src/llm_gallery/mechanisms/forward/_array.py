"""What every forward takes and gives: arrays, numbers by name, parts by role."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from llm_gallery.architecture.refusal import Refusal

Array = NDArray[Any]
Past = dict[str, Array]
"""What a mixer keeps between two calls, each array under a name; the first call is given none."""
Numbers = Any
"""Facts and settings of a block as attributes; what it doesn't state is None."""
Weights = Any
"""Parts of a block by role, to be called, and its own arrays; a matrix is (inputs, outputs)."""


def extended(past: Past, name: str, new: Array) -> Array:
    """What was kept under a name, with the rows of the new tokens after it."""
    return np.concatenate([past[name], new]) if name in past else new


def softmax(x: Array) -> Array:
    """Over the last axis."""
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def sigmoid(x: Array) -> Array:
    """1 / (1 + e^-x), without overflow; where it is nearly 0, it keeps its digits."""
    e = np.exp(-np.abs(x))
    return np.asarray(np.where(x < 0, e, 1) / (1 + e))


def softplus(x: Array) -> Array:
    """ln(1 + e^x), without overflow."""
    return np.asarray(np.logaddexp(x, 0))


def scaled(x: Array, factor: float | None) -> Array:
    """x times a factor, where there is one."""
    return x if factor is None else x * factor


def capped(x: Array, cap: float) -> Array:
    """x between -cap and cap, bent instead of cut."""
    return np.asarray(cap * np.tanh(x / cap))


def unknown(what: str, value: object) -> Refusal:
    """The refusal of a value that nothing computes with."""
    return Refusal(f"can't run yet: {what} is {value!r}, which nothing computes")
