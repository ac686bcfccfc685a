"""What a process that works for another one sets up first."""

from __future__ import annotations

import multiprocessing
import os
import signal
from threading import Thread


def ended_with_parent() -> None:
    """Leaves Ctrl+C to the process that started this one, and ends with it, however that ended.

    A pool's own processes would wait for ever for a parent that was killed.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_orphaned, daemon=True).start()


def _orphaned() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
