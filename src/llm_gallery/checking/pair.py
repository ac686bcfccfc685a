"""A described tensor beside the stored one of its name."""

from __future__ import annotations

from math import prod
from typing import NamedTuple

from llm_gallery.checking.described import DescribedTensor
from llm_gallery.checking.matrix import Matrix


class Pair(NamedTuple):
    """A described tensor and the stored one of its name."""

    name: str
    wanted: DescribedTensor
    matrix: Matrix
    fits: bool
    """Whether what is stored has the described shape."""

    @property
    def parameters(self) -> int:
        """What it holds: where the header doesn't say, as many as described if they fit; a tied one none of its own."""
        if self.wanted.tied_to:
            return 0
        held = self.matrix.elements
        return (prod(self.wanted.shape) if self.fits else 0) if held is None else held

    @property
    def stored_shape(self) -> tuple[int, ...]:
        """As it is unpacked, where the header says so."""
        return self.matrix.shape or self.matrix.stored[0].shape


def paired(name: str, wanted: DescribedTensor, matrix: Matrix) -> Pair:
    """The pair of a name."""
    return Pair(name, wanted, matrix, matrix.fits(wanted.shape))
