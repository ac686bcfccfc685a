"""Numbers at random that are the same each time: of an array by its name, of a text by its length.

It needs nothing but numpy: a lesson's page runs it too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zlib import crc32

import numpy as np

Array = Any  # of numpy

SEED = 14
"""Of the order of tokens."""


def numbers(name: str, shape: Sequence[int]) -> Array:
    """A matrix that keeps lengths, or a vector about 1, in float64."""
    drawn = np.random.default_rng(crc32(name.encode())).normal(size=tuple(shape))
    return np.asarray(drawn * shape[-1] ** -0.5 if len(shape) > 1 else 1 + 0.3 * drawn)


def whole(name: str, shape: Sequence[int], role: str, each: int) -> Array:
    """A tensor of whole numbers: a token's experts are all different, a table's parts all have `each` rows."""
    draw = np.random.default_rng(crc32(name.encode()))
    match role:
        case "table":
            return draw.permuted(np.tile(np.arange(shape[1]), (shape[0], 1)), axis=1)
        case "multipliers":
            return 2 * draw.integers(0, 2**40, tuple(shape)) + 1
        case "sizes":
            return np.full(tuple(shape), each)
        case _:
            return each * np.arange(shape[0])


def text(count: int, vocabulary: int, end: int | None, padding: int | None = None) -> list[int]:
    """Tokens that are all different while the vocabulary lasts, none for padding; the one that ends a text, if any, in the middle."""
    order: list[int] = np.random.default_rng(SEED).permutation(vocabulary).tolist()
    order = [token for token in order if token != padding]
    made = [order[index % len(order)] for index in range(count)]
    if end is not None:
        made[count // 2] = end
    return made
