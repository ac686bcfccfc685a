"""Folds a stack by its shortest repeating unit: "3 + 58", "(5 local, 1 global) × 10 + 2 local"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

LONGEST_UNIT = 48
"""Layers in the longest unit that is looked for; the longest in a known model is 10."""


class Run(NamedTuple):
    """A unit of layer kinds, `times` times over."""

    unit: tuple[int, ...]
    times: int

    @property
    def layers(self) -> int:
        """Layers that the run covers."""
        return len(self.unit) * self.times


def equal_runs(sequence: Sequence[int]) -> tuple[Run, ...]:
    """Equal neighbours joined: 0 0 0 1 -> 3 x 0, 1 x 1."""
    runs: list[Run] = []
    for kind in sequence:
        if runs and runs[-1].unit == (kind,):
            runs[-1] = Run((kind,), runs[-1].times + 1)
        else:
            runs.append(Run((kind,), 1))
    return tuple(runs)


def fold(sequence: Sequence[int]) -> tuple[Run, ...]:
    """The runs that describe the sequence in the fewest symbols; expanding them gives it back."""
    return _folded(tuple(sequence))


@lru_cache(maxsize=1024)
def _folded(sequence: tuple[int, ...]) -> tuple[Run, ...]:
    """The same: each figure, sheet and comparison of a model asks for it."""
    flat = equal_runs(sequence)
    if len(flat) <= 2:
        return flat
    count = len(sequence)
    cost = [0] * (count + 1)  # symbols that the rest from layer i needs ...
    first: list[Run] = [Run((), 0)] * count  # ... and the run that it begins with
    same = [0] * (LONGEST_UNIT + 1)  # for each period, the layers from i that recur one period on
    for i in range(count - 1, -1, -1):
        for period in range(1, min(LONGEST_UNIT, count - 1 - i) + 1):
            recurs = sequence[i] == sequence[i + period]
            same[period] = same[period] + 1 if recurs else 0
        candidates = list(_repetitions(sequence, i, same))
        prices = [_symbols(run) + cost[i + run.layers] for run in candidates]
        # Of equally short descriptions, the one that says most at its beginning reads best.
        cheapest = min(range(len(prices)), key=lambda c: (prices[c], -candidates[c].layers))
        cost[i], first[i] = prices[cheapest], candidates[cheapest]
    runs, i = [], 0
    while i < count:
        runs.append(first[i])
        i += first[i].layers
    return tuple(runs)


def _repetitions(sequence: Sequence[int], start: int, same: Sequence[int]) -> Iterator[Run]:
    """What can begin at `start`: each unit as often as it repeats, shortest first.

    Equal neighbours may also stop early, by less than a unit: their tail may begin the next one.
    """
    times = same[1] + 1
    least = max(0, times - LONGEST_UNIT)
    yield from (Run((sequence[start],), t) for t in range(times, least, -1))
    periods: list[int] = [1]
    for period in range(2, LONGEST_UNIT + 1):
        if same[period] < period or any(
            period % shorter == 0 and same[shorter] >= period - shorter for shorter in periods
        ):
            continue
        periods.append(period)
        yield Run(tuple(sequence[start : start + period]), same[period] // period + 1)


def _symbols(run: Run) -> int:
    """What a reader reads: one for each group of equal neighbours, one for a bracket round several."""
    groups = len(equal_runs(run.unit))
    return groups + (1 if groups > 1 else 0)
