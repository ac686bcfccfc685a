"""Milliseconds of the processor for figures: the standard one of each model, and what differs from the next in the catalog.

Usage: python -m benchmarks.figures [MODEL ...]. Prints DeepSeek V3's, which has an aim of its own, the slowest ten
of every model or of those named, best of fifteen, and the slowest three differences, best of three; slowest first.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from time import process_time

from llm_gallery.catalog import figures
from llm_gallery.catalog.load import entries, find
from llm_gallery.figure import draw

NAMED = "deepseek-v3"
RUNS, FEWER = 15, 3
SHOWN, DIFFERENCES = 10, 3


def spent(draw_it: Callable[[], object], runs: int) -> float:
    """Seconds of the processor, whatever else the machine does meanwhile."""
    found = []
    for _ in range(runs):
        start = process_time()
        draw_it()
        found.append(process_time() - start)
    return min(found)


def standard(name: str) -> float:
    """Seconds for a model's figure with the outlines of its type."""
    model = find(name)
    return spent(lambda: draw(model.architecture, model.heading).alone(), RUNS)


def difference(old: str, new: str) -> float:
    """Seconds for the figure of what differs between two models."""
    return spent(lambda: figures.difference(old, new).svg, FEWER)


def slowest(measured: Mapping[str, float], shown: int) -> None:
    """Prints them."""
    for name in sorted(measured, key=lambda name: -measured[name])[:shown]:
        print(f"{measured[name] * 1e3:6.1f} ms  {name}")


def main(names: Sequence[str]) -> None:
    """Measures and prints."""
    wanted = names or [entry.id for entry in entries()]
    slowest({NAMED: standard(NAMED)}, 1)
    slowest({name: standard(name) for name in wanted}, SHOWN)
    pairs = {f"{old} to {new}": difference(old, new) for new, old in pairwise(wanted)}
    slowest(pairs, DIFFERENCES)


if __name__ == "__main__":
    main(sys.argv[1:])
