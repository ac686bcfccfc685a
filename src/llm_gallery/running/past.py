"""What a run keeps of the tokens so far, for the next ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from llm_gallery.architecture.refusal import counted
from llm_gallery.mechanisms.forward._array import Array

OPEN = "open_"
"""In the names of what is kept of tokens whose group isn't full yet."""


@dataclass(frozen=True, slots=True)
class Past:
    """What was kept of the tokens so far: of each layer its arrays by name, or those of each of its parts by path."""

    seen: int = 0  # tokens
    layers: Sequence[Mapping[str, Any]] = ()
    text: tuple[int, ...] = ()  # the tokens, where a longer text is rotated anew

    def __repr__(self) -> str:
        return f"<Past of {counted(self.seen, 'token')}: {counted(self.nbytes, 'byte')}>"

    @property
    def nbytes(self) -> int:
        """Bytes that all mixers keep."""
        return sum(array.nbytes for _, array in self._arrays())

    @property
    def numbers(self) -> int:
        """Numbers that all mixers keep, whatever their dtype, without those that wait."""
        return sum(array.size for name, array in self._arrays() if OPEN not in name)

    @property
    def waiting(self) -> int:
        """Numbers of tokens whose group isn't full yet, which `memory` leaves out."""
        return sum(array.size for name, array in self._arrays() if OPEN in name)

    def _arrays(self) -> Sequence[tuple[str, Array]]:
        """Each array with its name; one that several layers read once."""
        found = {
            (array.ctypes.data, array.shape): (name, array)
            for layer in self.layers
            for name, array in _named(layer)
        }
        return [*found.values()]


def _named(kept: Mapping[str, Any]) -> Iterator[tuple[str, Array]]:
    for name, held in kept.items():
        if isinstance(held, Mapping):
            yield from _named(held)
        else:
            yield name, held
