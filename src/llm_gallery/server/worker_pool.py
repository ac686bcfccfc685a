"""Processes that work out answers: quick questions never stand behind one that takes long.

There are more processes than may be long at once, so that some are always free within a second.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, wait
from functools import partial
from queue import Empty, SimpleQueue
from threading import Lock, Semaphore
from typing import Any

from llm_gallery.processes import ended_with_parent, without_interrupts

QUICK = 1.0
"""Seconds after which a question counts as long; real configs take 0.03 s."""
WAITING = 64
"""Questions that may wait for a worker."""
STARTING = 60.0
"""Seconds that a process may take until it is ready, on a machine that is busy with others."""
MEMORY = 2**30
"""Bytes that a process may take; it needs about 100 MiB."""

Answer = dict[str, Any]
Work = Callable[..., Answer]


class Busy(Exception):
    """No worker is free; a later question may be answered."""


class TooLong(Exception):
    """The time is over, and nothing was answered."""


class TooLarge(Exception):
    """The answer would have taken more memory than there may be."""


class Worker:
    """A pool of one process: a larger one breaks as a whole when one of its processes is killed."""

    def __init__(self, work: Work, prepare: Callable[[], object]) -> None:
        self._work = work
        self._pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _limited)
        with without_interrupts():  # the process begins
            self._process = self._pool.submit(os.getpid)
        self.ready: Future[Any] = self._pool.submit(prepare)
        self._last = self.ready

    def ask(self, arguments: tuple[Any, ...]) -> Future[Answer]:
        """The answer to come. Raises what went wrong in preparing, and Busy where the process died."""
        self.ready.result()
        try:
            self._last = answer = self._pool.submit(self._work, *arguments)
        except RuntimeError:  # broken, or ended with the server
            raise Busy from None
        return answer

    @property
    def free(self) -> bool:
        """Whether it may be asked: prepared, alive and not at a question."""
        return (
            self._last.done()
            and not isinstance(self._last.exception(), BrokenExecutor)
            and self.ready.exception() is None
        )

    def end(self) -> None:
        """Ends the process at once."""
        if self._process.exception() is None:
            for process in multiprocessing.active_children():
                if process.pid == self._process.result():
                    process.kill()
        self._pool.shutdown()


class Lane:
    """The workers for one kind of question, of which the spares may take long; started at the first question."""

    def __init__(
        self, work: Work, prepare: Callable[[], object], *, size: int, spares: int
    ) -> None:
        self._make: Callable[[], Worker] = lambda: Worker(work, prepare)
        self._size, self._spares = size, spares
        self._free: SimpleQueue[Worker] = SimpleQueue()
        self._all: set[Worker] = set()
        self._lock = Lock()
        self._waiting = Semaphore(WAITING)
        self._long = Semaphore(spares)
        self._closed = False

    def answer(self, arguments: tuple[Any, ...], seconds: float) -> Answer:
        """The answer within so many seconds. Raises Busy, TooLong or TooLarge."""
        worker = self._taken()
        try:
            return self._answered(worker.ask(arguments), seconds)
        except BrokenExecutor:  # it died, or was ended with the server
            raise Busy from None
        except MemoryError:
            raise TooLarge from None
        finally:
            self._given_back(worker)

    def _answered(self, answer: Future[Answer], seconds: float) -> Answer:
        """The answer; a long one if there may be one more of these."""
        late = wait([answer], min(QUICK, seconds)).not_done
        self._started(self._size + self._spares)  # after the first ones, which somebody waited for
        if late:
            if not self._long.acquire(blocking=False):
                raise Busy
            try:
                if wait([answer], max(0.0, seconds - QUICK)).not_done:
                    raise TooLong
            finally:
                self._long.release()
        return answer.result()

    def close(self) -> None:
        """Ends all processes; nothing is answered any more."""
        with self._lock:
            self._closed = True
            workers = tuple(self._all)
        for worker in workers:
            worker.end()

    def _taken(self) -> Worker:
        if not self._waiting.acquire(blocking=False):
            raise Busy
        try:
            self._started(self._size)
            return self._free.get(timeout=STARTING)
        except Empty:
            raise Busy from None
        finally:
            self._waiting.release()

    def _given_back(self, worker: Worker) -> None:
        """Free again, or replaced where it is late, dead or unprepared."""
        if worker.free:
            self._free.put(worker)
            return
        with self._lock:
            self._all.discard(worker)
        worker.end()
        self._started(self._size + self._spares)

    def _started(self, wanted: int) -> None:
        """Starts `wanted` workers, each free once it is ready. Raises Busy where the lane is closed."""
        with self._lock:
            if self._closed:
                raise Busy
            while len(self._all) < wanted:
                worker = self._make()
                self._all.add(worker)
                worker.ready.add_done_callback(partial(self._prepared, worker))

    def _prepared(self, worker: Worker, _: object) -> None:
        self._free.put(worker)


def _limited() -> None:
    """What a process sets up before all else."""
    ended_with_parent()
    if sys.platform != "win32":  # which has no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
