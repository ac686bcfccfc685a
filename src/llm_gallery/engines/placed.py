"""What one device holds: weights, and what each of its sequences takes."""

from __future__ import annotations

from typing import NamedTuple

from llm_gallery.engines.term import Term, reserved


class Placed(NamedTuple):
    """The weights of a rank, and its share of a sequence."""

    weights: int  # bytes
    terms: tuple[Term, ...]

    def cache(self, length: int, sequences: int, in_flight: int) -> int:
        """Bytes of so many sequences of `length` tokens."""
        return sequences * reserved(self.terms, length, in_flight)


class Room(NamedTuple):
    """Ranks that hold a model together, and the bytes that each has."""

    ranks: tuple[Placed, ...]  # those that differ
    usable: int
    in_flight: int = 0

    def fullest(self, length: int, sequences: int) -> Placed:
        """The rank with most."""
        return max(
            self.ranks,
            key=lambda rank: rank.weights + rank.cache(length, sequences, self.in_flight),
        )

    def spare(self, length: int, sequences: int) -> int:
        """Bytes that the fullest rank has left; less than 0 where it lacks some."""
        rank = self.fullest(length, sequences)
        return self.usable - rank.weights - rank.cache(length, sequences, self.in_flight)

    def longest(self, sequences: int, most: int) -> int:
        """Tokens of the longest context, up to `most`; 0 where none fits."""
        if self.spare(most, sequences) >= 0:
            return most
        fits, fails = 0, most
        while fails - fits > 1:
            middle = (fits + fails) // 2
            if self.spare(middle, sequences) >= 0:
                fits = middle
            else:
                fails = middle
        return fits

    def most_sequences(self, length: int) -> int | None:
        """Sequences of `length` tokens that every rank holds; None where one takes nothing."""
        limits = []
        for rank in self.ranks:
            if each := reserved(rank.terms, length, self.in_flight):
                limits.append(max(0, self.usable - rank.weights) // each)
            elif rank.weights > self.usable:
                limits.append(0)
        return min(limits, default=None)
