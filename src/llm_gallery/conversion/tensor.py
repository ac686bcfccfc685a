"""One tensor of a GGUF, as a conversion of a model has it."""

from __future__ import annotations

from math import prod
from typing import NamedTuple


class GgufTensor(NamedTuple):
    """A tensor by the name that GGUF has for it."""

    name: str
    shape: tuple[int, ...]  # rows first; a GGUF's own list has the columns first
    of: str  # the tensor of a release that it is made of, of experts the first; empty where it is computed
    single: bool = False  # whether the converter writes it in 32 bits, whatever the file's type is

    @property
    def elements(self) -> int:
        """Numbers in the tensor."""
        return prod(self.shape)
