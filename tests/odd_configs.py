"""One key at a time: each key of each catalog config is dropped, or given values that nobody meant.

Usage: python -m tests.odd_configs [SECONDS]. Without a number every case is tried once, some 100,000;
with one, cases in random order for so long. Each fault is printed with the command that shows it again.
"""

from __future__ import annotations

import json
import math
import signal
import sys
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from random import Random
from typing import Any

from llm_gallery.analysis.contract import facts
from llm_gallery.analysis.fact_sheet import sheet
from llm_gallery.architecture.refusal import LONGEST_LINE, Refusal
from llm_gallery.catalog.load import entries
from llm_gallery.recognition import catalog_config, describe, guess

Config = dict[str, Any]
Place = tuple[str | int, ...]

SECONDS = 3.0
"""Of processor time that one config may take: a bound on the order of growth, not on the machine."""
DROPPED = object()
"""The key is taken out."""
VALUES: tuple[Any, ...] = (
    DROPPED, None, True, False, 0, 1, 2, 3, -1, -0.5, 1e-320, 1e299, 2**24, 2**63, 0.5, math.nan, math.inf, "", "4096",
    "full_attention", [], [None], [0], [-1], [1, 2], ["x"] * 5000, {}, {"rope_type": "yarn"}, {"model_type": "llama"},
    {"full_attention": None},
)  # fmt: skip
COUNTS = ("parameters", "layers", "cache", "flops_per_token_at", "context", "width", "vocabulary")
"""What facts count: sizes, numbers of parts, bytes and operations."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raises TimeoutError in what takes longer: a config that makes parts without end is stopped before the memory is full."""

    def stop(*_: object) -> None:
        raise TimeoutError(f"more than {seconds} s of processor time")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def settled(config: Mapping[str, Any]) -> None:
    """Described and counted, or refused in one line that says what was expected; either way soon."""
    with within(SECONDS):
        judged(config)


def judged(config: Mapping[str, Any]) -> None:
    try:
        guess(config)
    except Refusal as refusal:
        well_said(str(refusal))
    try:
        architecture = describe(config)
        said = facts(architecture)
    except Refusal as refusal:
        well_said(str(refusal))
        return
    json.dumps(said, allow_nan=False)
    assert [*negative({key: said[key] for key in COUNTS})] == []
    assert sheet(architecture)
    for column, whole in (("stored", "total"), ("active", "active")):
        parts = sum(part[column] for part in said["parameters"]["parts"])
        assert parts == said["parameters"][whole]
    assert describe(catalog_config(config)) == architecture


def negative(counted: Any, at: str = "") -> Iterator[str]:
    """Where facts count less than nothing."""
    held = counted.items() if isinstance(counted, dict) else enumerate(counted)
    for key, value in held:
        if isinstance(value, dict | list):
            yield from negative(value, f"{at}{key}.")
        elif isinstance(value, int) and value < 0:
            yield f"{at}{key}"


def well_said(line: str) -> None:
    assert line.isprintable()
    assert len(line) <= LONGEST_LINE
    assert any(words in line for words in (", expected ", "; expected ", "; the nearest are "))


def places(config: Any, inside: Place = ()) -> Iterator[Place]:
    """Where a config holds a value, those in objects and the first of each list included."""
    held = config.items() if isinstance(config, dict) else enumerate(config[:1])
    for key, value in held:
        yield (*inside, key)
        if isinstance(value, dict | list):
            yield from places(value, (*inside, key))


def changed(config: Mapping[str, Any], place: Place, value: Any) -> Config:
    """The config with another value there."""
    made: Config = deepcopy(dict(config))
    holder: Any = made
    for key in place[:-1]:
        holder = holder[key]
    if value is DROPPED:
        del holder[place[-1]]
    else:
        holder[place[-1]] = deepcopy(value)
    return made


def cases(configs: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, Place, Any]]:
    """Every key of every config with every value."""
    return [(name, p, v) for name, held in configs.items() for p in places(held) for v in VALUES]


def fault(config: Mapping[str, Any]) -> str:
    """What goes wrong with a config, in one line; empty where nothing does."""
    try:
        settled(config)
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {error} ({last.filename}:{last.lineno})"
    return ""


def main() -> int:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else math.inf
    configs = {entry.id: entry.config for entry in entries()}
    tried, found, begun = 0, 0, time.monotonic()
    todo = cases(configs)
    if seconds < math.inf:
        Random().shuffle(todo)
    for model, place, value in todo:
        if time.monotonic() - begun > seconds:
            break
        tried += 1
        if problem := fault(changed(configs[model], place, value)):
            found += 1
            shown = "dropped" if value is DROPPED else repr(value)[:60]
            print(f"{model}: {'.'.join(map(str, place))} {shown}: {problem}", flush=True)
    print(f"{tried:,} of {len(todo):,} changes of one key, {found} faults")
    return min(found, 1)


if __name__ == "__main__":
    sys.exit(main())
