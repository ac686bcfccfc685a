"""The set-up of a process that works for another one."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread


def ended_with_parent() -> None:
    """Leaves Ctrl+C to the process that started this one, and ends with it, however that ended.

    A pool's own processes would wait for ever for a parent that was killed.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_orphaned, daemon=True).start()


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
