"""Facts of DeepSeek V3, warm and as a fresh process, each beside the reference in the same run.

Usage: make benchmark. Needs the `truth` extra. Times are the best of several runs: on a shared machine,
the best is what the code costs, and the rest is what the neighbours cost.
"""

from __future__ import annotations

import json
import platform
import sys
import tempfile
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.processes import COMMAND, ROOT, Run, measured

MODEL = "deepseek-v3"
RUNS = 7


def best(work: Callable[[], object], runs: int) -> float:
    """Seconds of the fastest of several calls."""
    seconds = []
    for _ in range(runs):
        start = perf_counter()
        work()
        seconds.append(perf_counter() - start)
    return min(seconds)


def process(command: Sequence[str]) -> Run:
    """The fastest of several fresh processes."""
    return min(measured(command) for _ in range(RUNS))


def main() -> None:
    # Fresh processes first: a child starts with its parent's peak, and the reference's is large.
    ours = process([str(COMMAND), "facts", MODEL, "--format", "json"])
    config = said()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config.json"
        path.write_text(json.dumps(config), "utf-8")
        theirs = process([sys.executable, "-m", "benchmarks.reference", str(path)])
    warm, built = warm_calls(config)
    rows = (
        ("one warm call", "ms", warm * 1e3, built * 1e3),
        ("fresh process", "ms", ours.seconds * 1e3, theirs.seconds * 1e3),
        ("its peak memory", "MiB", ours.peak / 2**20, theirs.peak / 2**20),
    )
    print(f"{MODEL}; {platform.machine()}, Python {platform.python_version()}; best of {RUNS}")
    print(f"{'':<20}{'ours':>14}{'reference':>14}{'ratio':>8}")
    for name, unit, one, other in rows:
        cells = (f"{value:.2f} {unit}" for value in (one, other))
        print(f"{name:<20}{next(cells):>14}{next(cells):>14}{other / one:>7.1f}x")


def said() -> Mapping[str, Any]:
    """The model's config, as the catalog holds it."""
    file = ROOT / f"src/llm_gallery/catalog/models/{MODEL}.toml"
    config: Mapping[str, Any] = tomllib.loads(file.read_text("utf-8"))["config"]
    return config


def warm_calls(config: Mapping[str, Any]) -> tuple[float, float]:
    """Seconds of a second call: all facts of ours, and the reference's model with its parameters listed."""
    from llm_gallery.analysis.contract import facts
    from llm_gallery.recognition import describe
    from tools import reference

    facts(describe(config))
    reference.model(config)
    ours = best(lambda: facts(describe(config)), 200)
    return ours, best(lambda: list(reference.model(config).parameters()), RUNS)


if __name__ == "__main__":
    main()
