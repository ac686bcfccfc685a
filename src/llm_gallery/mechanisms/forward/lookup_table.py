"""A table of which n-grams choose rows, by hashes.

Papers: https://arxiv.org/abs/2501.16975, https://arxiv.org/abs/2601.07372
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights, unknown


def forward(b: Numbers, w: Weights, x: Array, words: Array) -> Array:
    """Words (T, longest), the newest token first, to the rows of all hashes side by side, of the dtype of x."""
    if b.hash == "polynomial":
        return by_polynomials(b, w, words)
    if b.hash == "digits":
        return of_each_table(b, w, words)
    if b.hash != "multiples":
        raise unknown("a hash of n-grams", b.hash)
    return looked_up(b, w, x, by_multiples(b, w, words))


PRIMES = (
    1000000007, 5915587277, 1500450271, 3267000013, 5754853343, 4093082899, 9576890767, 3628273133,
    2860486313, 5463458053, 3367900313,
)  # fmt: skip
"""Bases of polynomials, one a hash; of more they come round again."""


def by_polynomials(b: Numbers, w: Weights, words: Array) -> Array:
    """Rows side by side, (T, rows x width): the tokens of an n-gram, the oldest first, are a polynomial's coefficients."""
    made: list[Array] = []
    for function in range(b.hashes):
        prime = np.array(PRIMES[function % len(PRIMES)])
        for length in b.lengths:
            powers = prime ** np.arange(length)  # of 64 bits, what is beyond is lost
            row = (words[:, :length][:, ::-1] * powers).sum(axis=1) % b.first_rows
            made.append(w.tables[0][row + len(made) * b.first_rows])
    return np.concatenate(made, axis=-1)


def of_each_table(b: Numbers, w: Weights, words: Array) -> Array:
    """A row of each table, side by side; each has two rows more than the one before."""
    made = []
    for i in range(b.hashes * (words.shape[1] - 1)):
        row = by_digits(b, words[:, : i // b.hashes + 2], b.first_rows + 2 * i)
        made.append(w.tables[i][row])
    return np.concatenate(made, axis=-1)


def by_digits(b: Numbers, words: Array, size: int) -> Array:
    """Rows (T,) of a table of that size: tokens are the digits of a number, the newest counts one."""
    row = np.zeros(len(words), np.int64)
    for token in words.T[::-1]:
        row = (row * b.vocabulary + token) % size
    return row


def by_multiples(b: Numbers, w: Weights, words: Array) -> Array:
    """Rows (T, hashes): each token times a number of its place, their exclusive or, by the size of each hash's part."""
    products = words * w.multipliers.astype(np.int64)
    mixed = np.bitwise_xor.accumulate(products, axis=1)[:, 1:]  # of two tokens, of three ...
    each = np.repeat(mixed, b.hashes, axis=1)
    return np.asarray(each % w.sizes.astype(np.int64) + w.offsets.astype(np.int64))


def looked_up(b: Numbers, w: Weights, x: Array, rows: Array) -> Array:
    """Those rows of a table in shards, side by side: (T, hashes x width)."""
    y = np.zeros((*rows.shape, b.width), x.dtype)
    shard, place = rows // b.shard_rows, rows % b.shard_rows
    for i in np.unique(shard):
        y[shard == i] = w.tables[i][place[shard == i]]
    return y.reshape(len(x), -1)
