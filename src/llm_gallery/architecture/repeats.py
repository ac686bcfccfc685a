"""Folds a stack by its shortest repeating unit: "3 + 58", "(5 local, 1 global) × 10 + 2 local"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LONGEST_UNIT = 48
"""Layers in the longest unit that is looked for; the longest in a known model is 10."""


@dataclass(frozen=True, slots=True)
class Run:
    """A unit of layer kinds, `times` times over."""

    unit: tuple[int, ...]
    times: int

    @property
    def layers(self) -> int:
        """Layers that the run covers."""
        return len(self.unit) * self.times


def equal_runs(sequence: Sequence[int]) -> tuple[Run, ...]:
    """Equal neighbours joined: 0 0 0 1 -> 3 x 0, 1 x 1."""
    found: list[Run] = []
    for kind in sequence:
        if found and found[-1].unit == (kind,):
            found[-1] = Run((kind,), found[-1].times + 1)
        else:
            found.append(Run((kind,), 1))
    return tuple(found)


def fold(sequence: Sequence[int]) -> tuple[Run, ...]:
    """The runs that describe the sequence in the fewest symbols; expanding them gives it back."""
    flat = equal_runs(sequence)
    if len(flat) <= 2:
        return flat
    count = len(sequence)
    cost = [0] * (count + 1)  # symbols that the rest from layer i needs ...
    first: list[Run] = [Run((), 0)] * count  # ... and the run that it begins with
    for i in range(count - 1, -1, -1):
        candidates = list(_repetitions(sequence, i))
        prices = [_symbols(run) + cost[i + run.layers] for run in candidates]
        # Of equally short descriptions, the one that says most at its beginning reads best.
        cheapest = min(range(len(prices)), key=lambda c: (prices[c], -candidates[c].layers))
        cost[i], first[i] = prices[cheapest], candidates[cheapest]
    found, i = [], 0
    while i < count:
        found.append(first[i])
        i += first[i].layers
    return tuple(found)


def _repetitions(sequence: Sequence[int], start: int) -> Iterator[Run]:
    """What can begin at `start`: each unit as often as it repeats, shortest first, and once more seldom."""
    rest = len(sequence) - start
    for period in range(1, min(LONGEST_UNIT, rest) + 1):
        same = 0
        while same < rest - period and sequence[start + same] == sequence[start + same + period]:
            same += 1
        times = same // period + 1
        unit = tuple(sequence[start : start + period])
        if period == 1:
            yield from (Run(unit, t) for t in range(times, 0, -1))
        elif times > 1:
            yield Run(unit, times)


def _symbols(run: Run) -> int:
    """What a reader reads: one for each group of equal neighbours, one for a bracket round several."""
    groups = len(equal_runs(run.unit))
    return groups + (1 if groups > 1 else 0)
