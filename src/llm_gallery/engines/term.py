"""What layers of one mixer keep of a sequence, as an engine counts it: units of so many tokens.

Definitions: docs/definitions.md#of-files-and-machines
"""

from __future__ import annotations

from typing import NamedTuple


class Term(NamedTuple):
    """A row of what one sequence takes on one rank."""

    label: str  # of the mixer
    layers: int  # that keep it
    unit: int  # bytes of one cell, page or state, over all its layers
    step: int = 1  # tokens that a unit holds; 0 where what is kept doesn't grow
    limit: int | None = None  # tokens that are kept at most, beside those in flight; None for all
    in_flight: bool = False  # whether tokens in flight are kept beyond the limit
    beyond: int = 0  # units that are kept beside
    dtype: str = ""
    padding: int = 0  # bytes of a unit that hold nothing

    def units(self, length: int, in_flight: int = 0) -> int:
        """Units that a sequence of `length` tokens takes, with so many tokens in flight."""
        if not self.step:
            return 1 + self.beyond
        tokens = length
        if self.limit is not None:
            tokens = min(length, self.limit + in_flight * self.in_flight)
        return -(-tokens // self.step) + self.beyond

    def bytes(self, length: int, in_flight: int = 0) -> int:
        """Bytes of these units."""
        return self.unit * self.units(length, in_flight)


def reserved(terms: tuple[Term, ...], length: int, in_flight: int = 0) -> int:
    """Bytes that one sequence of `length` tokens takes."""
    return sum(term.bytes(length, in_flight) for term in terms)
