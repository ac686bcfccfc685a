"""Calls that people wait for, each beside its aim: facts and figure in a warm process, a fresh process, the whole site.

Usage: python -m benchmarks.calls [--site]. Milliseconds of the processor, whatever else the machine does meanwhile;
the site is built once, and its milliseconds are shared among two cores.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from tempfile import TemporaryDirectory
from time import process_time

from benchmarks.figures import standard
from benchmarks.run import COMMAND, MODEL, finished, said
from llm_gallery.analysis.contract import facts
from llm_gallery.families import describe

CORES = 2
RUNS = 15


def main(arguments: Sequence[str]) -> None:
    """Measures and prints."""
    for name, milliseconds, aim in _calls(site="--site" in arguments):
        print(f"{name:<32}{milliseconds:>10,.2f} ms   aim {aim:>5,} ms", flush=True)


def _calls(*, site: bool) -> Iterator[tuple[str, float, int]]:
    config = said()
    yield "describe and facts, warm", 1e3 * _best(lambda: facts(describe(config)), 300), 1
    yield "standard figure, warm", 1e3 * standard(MODEL), 5
    shown = [str(COMMAND), "facts", MODEL, "--format", "json"]
    yield "facts as a fresh process", 1e3 * min(finished(shown).cpu for _ in range(RUNS)), 120
    if site:
        with TemporaryDirectory() as folder:
            built = finished([str(COMMAND), "build", f"{folder}/site"])
        yield "the site, on two cores", 1e3 * built.cpu / CORES, 7_000


def _best(work: Callable[[], object], runs: int) -> float:
    """Seconds of the processor for the fastest of several calls."""
    seconds = []
    for _ in range(runs):
        start = process_time()
        work()
        seconds.append(process_time() - start)
    return min(seconds)


if __name__ == "__main__":
    main(sys.argv[1:])
