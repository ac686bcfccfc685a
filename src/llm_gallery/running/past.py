"""What a run keeps of the tokens so far, for the next ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from llm_gallery.architecture.refusal import counted
from llm_gallery.mechanisms.forward._array import Array

OPEN = "open_"
"""In the names of what is kept of tokens whose group isn't full yet."""


@dataclass(frozen=True, slots=True)
class Past:
    """What was kept of the tokens so far: each mixer's arrays under its path."""

    seen: int = 0  # tokens
    kept: Mapping[str, Mapping[str, Array]] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Past of {counted(self.seen, 'token')}: {counted(self.nbytes, 'byte')}>"

    @property
    def nbytes(self) -> int:
        """Bytes that all mixers keep."""
        return sum(array.nbytes for array in self._arrays())

    @property
    def numbers(self) -> int:
        """Numbers that all mixers keep, whatever their dtype, without those that wait."""
        return sum(array.size for array in self._arrays()) - self.waiting

    @property
    def waiting(self) -> int:
        """Numbers of tokens whose group isn't full yet, which `memory` leaves out."""
        named = (pair for arrays in self.kept.values() for pair in arrays.items())
        return sum(array.size for name, array in named if OPEN in name)

    def _arrays(self) -> Iterable[Array]:
        """An array that several mixers read once."""
        return {id(a): a for arrays in self.kept.values() for a in arrays.values()}.values()
