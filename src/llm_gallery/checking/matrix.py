"""A tensor as the model has it, of however many stored ones."""

from __future__ import annotations

from math import prod
from typing import NamedTuple

from llm_gallery.sources.stored import StoredTensor

FP8, INT8 = "FP8", "INT8"
OF_BYTES = (FP8, INT8)
"""Schemes of one number a byte: the type says it."""
BLOCKS = "MXFP4 in blocks"
BITSANDBYTES = "bitsandbytes, 4 bits"
IN_WORDS = (2, 3, 4, 5, 6, 8)
"""Bits of a number, of those that are packed into words of 32."""


class Matrix(NamedTuple):
    """A tensor as the model has it, of however many stored ones."""

    name: str
    stored: tuple[StoredTensor, ...]  # the first holds the numbers
    scheme: str  # "" where it is stored as it is
    shape: tuple[int, ...] | None  # None: the header doesn't say
    fault: str = ""  # what its scheme needs and isn't there

    @property
    def elements(self) -> int | None:
        """Parameters, where the header says how many."""
        return None if self.shape is None else prod(self.shape)

    @property
    def bytes(self) -> int:
        """Of all that is stored of it."""
        return sum(tensor.bytes for tensor in self.stored)

    def fits(self, shape: tuple[int, ...]) -> bool:
        """Whether it holds a tensor of a shape: of schemes that store rows and columns the other way round, turned."""
        if self.shape is None:
            return _holds(self.scheme, self.stored[0], shape)
        if self.scheme == BLOCKS:
            return self.shape in (shape, (*shape[:-2], *shape[:-3:-1]))
        return self.shape == shape


def _holds(scheme: str, first: StoredTensor, shape: tuple[int, ...]) -> bool:
    """Whether as many bytes can hold a shape, where they alone are known."""
    if scheme == BITSANDBYTES:
        return -(-prod(shape) // 2) == first.bytes
    if first.dtype == "U8":
        doubled = (
            (*first.shape[:axis], 2 * first.shape[axis], *first.shape[axis + 1 :])
            for axis in range(1, len(first.shape))
        )
        return shape in doubled
    if scheme == GPTQ:
        return first.shape[1:] == shape[:1] and _in_words(shape[1:], first.shape[0])
    return first.shape[:-1] == shape[:-1] and _in_words(shape[-1:], first.shape[-1])


GPTQ = "GPTQ"


def _in_words(numbers: tuple[int, ...], words: int) -> bool:
    """Whether so many numbers make so many words of 32 bits, at some width."""
    return any(-(-number * bits // 32) == words for number in numbers for bits in IN_WORDS)
