"""Multiply-adds that a run does, counted in its products while it does them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np

from llm_gallery.mechanisms.forward._array import Array


@dataclass(slots=True)
class Tally:
    """Multiply-adds of products with a stored matrix, and of all others: scores, values, states, taps."""

    matrices: int = 0
    mixing: int = 0
    rows: Counter[str] = field(
        default_factory=Counter
    )  # vectors that met a stored array, by its name

    def matrix(self, stored: Array, name: str = "") -> Array:
        """The same array, whose products are counted."""
        counted = stored.view(_Matrix)
        counted.tally, counted.name = self, name
        return counted

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Counts each `einsum` until it ends; numpy's own is replaced as long, so no other thread may run."""
        plain = np.einsum

        def counted(subscripts: str, *operands: Array) -> Any:
            terms = subscripts.partition("->")[0].split(",")
            sizes = {
                letter: size
                for term, operand in zip(terms, operands, strict=True)
                for letter, size in zip(term, operand.shape, strict=True)
            }
            self.mixing += prod(sizes.values()) * (len(operands) - 1)
            return plain(subscripts, *operands)

        setattr(np, "einsum", counted)  # noqa: B010 - its type is a long list of overloads
        try:
            yield
        finally:
            setattr(np, "einsum", plain)  # noqa: B010


class _Matrix(np.ndarray[Any, Any]):
    """An array that tells a tally of its products; views of it do too."""

    tally: Tally | None
    name: str

    def __array_finalize__(self, source: Any) -> None:
        self.tally = getattr(source, "tally", None)
        self.name = getattr(source, "name", "")

    def __matmul__(self, other: Any) -> Any:
        return self._product(self, other)

    def __rmatmul__(self, other: Any) -> Any:
        return self._product(other, self)

    def _product(self, x: Array, y: Array) -> Array:
        z: Array = np.matmul(x.view(np.ndarray), y.view(np.ndarray))
        if self.tally is not None:
            self.tally.matrices += z.size * x.shape[-1]
            if isinstance(y, _Matrix):
                self.tally.rows[y.name] += z.size // z.shape[-1] if z.size else 0
        return z


@dataclass(frozen=True, slots=True)
class Counted(Mapping[str, Array]):
    """Weights whose products are counted."""

    weights: Mapping[str, Array]
    tally: Tally

    def __getitem__(self, name: str) -> Array:
        return self.tally.matrix(self.weights[name], name)

    def __contains__(self, name: object) -> bool:
        return name in self.weights

    def __iter__(self) -> Iterator[str]:
        return iter(self.weights)

    def __len__(self) -> int:
        return len(self.weights)
