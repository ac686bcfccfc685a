"""The set-up of a process that works for another one."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

NUMERICAL = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
"""What libraries under numpy read when they are loaded: how many threads each starts."""


def ended_with_parent() -> None:
    """Leaves Ctrl+C to the process that started this one, and ends with it, however that ended.

    A pool's own processes would wait for ever for a parent that was killed.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_orphaned, daemon=True).start()


@contextmanager
def without_numerical_threads() -> Iterator[None]:
    """numpy, where it is loaded meanwhile, starts no threads beside this one: with any, a process can't be forked."""
    added = {name: "1" for name in NUMERICAL if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            del os.environ[name]


@contextmanager
def without_interrupts() -> Iterator[None]:
    """Ctrl+C waits, and never reaches the processes that are started meanwhile: not even while they begin."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _orphaned() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
