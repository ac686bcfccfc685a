"""A process that has ended, with those that it started: how long one waited, what it took of the processor, its memory."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from subprocess import Popen
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
COMMAND = Path(sys.executable).with_name("llm-gallery")
EVERY = 0.2
"""Seconds between two looks at the memory."""


class Run(NamedTuple):
    """Seconds on the clock, of all processors for users and in all, and the most bytes that its processes had at once."""

    seconds: float
    user: float
    cpu: float
    peak: int


class Failed(SystemExit):
    """A command that ended with another code than 0, and the end of what it said."""


def measured(
    command: Sequence[str],
    *,
    folder: Path = ROOT,
    environment: Mapping[str, str] | None = None,
    several: bool = False,
) -> Run:
    """A process that has ended well; it finds its bytecode, as an installed package does.

    Of `several` processes the memory is what all have at once, what they share shared out; of one, its own at its
    largest. Raises Failed.
    """
    given = {**os.environ, **(environment or {})}
    given.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryFile() as output:
        began, peak = time.perf_counter(), 0
        child = Popen(command, cwd=folder, env=given, stdout=output, stderr=output)
        done = 0
        while not done:
            done, status, usage = os.wait4(child.pid, os.WNOHANG if several else 0)
            if not done:
                peak = max(peak, sum(map(_bytes, _family(child.pid))))
                time.sleep(EVERY)
        seconds = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            output.seek(0)
            raise Failed(f"{' '.join(command)} failed: {output.read().decode()[-2000:].strip()}")
    cpu = usage.ru_utime + usage.ru_stime
    return Run(seconds, usage.ru_utime, cpu, max(peak, usage.ru_maxrss * 1024))


def _family(pid: int) -> Iterator[int]:
    yield pid
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _family(int(child))


def _bytes(pid: int) -> int:
    """Memory of a process; what several share is shared out among them."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
