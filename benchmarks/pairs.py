"""Every pair of the catalog compared on two cores: changes, sentences and themes, aligned parts and layers.

Usage: python -m benchmarks.pairs. Says how long it took, and which pairs came out without a difference.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import combinations
from time import perf_counter, process_time

from llm_gallery.catalog.family_members import members
from llm_gallery.comparison import Difference, Profile, profile, themed

CORES = 2
LIMIT = 12.0
"""Seconds of each of two cores."""

Same = list[tuple[str, str]]


def main() -> int:
    started = perf_counter()
    count = len(members())
    pairs = list(combinations(range(count), 2))
    with ProcessPoolExecutor(CORES) as pool:
        done = list(pool.map(_compared, [pairs[i::CORES] for i in range(CORES)]))
    seconds, cpu = perf_counter() - started, sum(spent for spent, _ in done)
    same = [pair for _, found in done for pair in found]
    print(
        f"{count} models, {len(pairs):,} pairs: {seconds:.1f} s on {CORES} cores, {cpu:.1f} s of CPU"
    )
    print(f"{len(same)} pairs without a difference: {', '.join('='.join(pair) for pair in same)}")
    return int(cpu / CORES > LIMIT)


def _compared(pairs: Sequence[tuple[int, int]]) -> tuple[float, Same]:
    """Seconds of CPU, the catalog's reading included, and the pairs without any change."""
    started = process_time()
    held, same = _profiles(), []
    for old, new in pairs:
        found = Difference(held[old], held[new])
        assert found.sentences
        assert not found.changes or themed(found.changes)
        assert found.parts
        assert found.schedule
        if not found.changes:
            same.append((found.old.id, found.new.id))
    return process_time() - started, same


@cache
def _profiles() -> list[Profile]:
    return [profile(member) for member in members()]


if __name__ == "__main__":
    sys.exit(main())
