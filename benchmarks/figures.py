"""Milliseconds of the processor for the standard figure, best of fifteen, of every model or of those named.

Usage: python -m benchmarks.figures [MODEL ...]. Prints the slowest ten, slowest first.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from time import process_time

from llm_gallery.catalog.load import entries, find
from llm_gallery.figure import draw

RUNS = 15
SHOWN = 10


def spent(name: str) -> float:
    """Seconds of the processor, whatever else the machine does meanwhile."""
    model, found = find(name), []
    for _ in range(RUNS):
        start = process_time()
        draw(model.architecture, model.heading).alone()
        found.append(process_time() - start)
    return min(found)


def main(names: Sequence[str]) -> None:
    """Measures and prints."""
    measured = {name: spent(name) for name in names or [entry.id for entry in entries()]}
    for name in sorted(measured, key=lambda name: -measured[name])[:SHOWN]:
        print(f"{measured[name] * 1e3:6.1f} ms  {name}")


if __name__ == "__main__":
    main(sys.argv[1:])
