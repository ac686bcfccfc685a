"""Processes that work out answers: quick questions never stand behind one that takes long.

A question has a worker for a short while. One that takes longer goes on in that process, while a spare one
takes its place: as many may be long at once as there are spares.
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
from collections import deque
from collections.abc import Callable
from functools import partial
from queue import Empty, SimpleQueue
from threading import Lock, Semaphore
from typing import Any

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
    """Nobody is free to answer; a later try may be answered."""


class TooLong(Exception):
    """The time is over, and nothing was answered."""


class TooLarge(Exception):
    """The answer would have taken more memory than there may be."""


class Worker:
    """One process, ended when it is late; it prepares itself before its first question."""

    def __init__(self, work: Work, prepare: Callable[[], object]) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, work, prepare), daemon=True)
        self._process.start()
        theirs.close()
        self._ready = False

    def ask(self, arguments: tuple[Any, ...]) -> None:
        """Sends a question, once the process is ready. Raises Busy where it doesn't become so."""
        if not self._ready:
            if self._received(STARTING) is None:
                raise Busy
            self._ready = True
        try:
            self._pipe.send(arguments)
        except OSError:
            raise Busy from None

    def answer(self, seconds: float) -> Answer | None:
        """The answer, or None where it isn't there in time. Raises TooLarge, or Busy where the process died."""
        found: Answer | None = self._received(seconds)
        return found

    def _received(self, seconds: float) -> Any:
        try:
            found = self._pipe.recv() if self._pipe.poll(seconds) else None
        except (EOFError, OSError):  # it died, or was ended with the server
            raise Busy from None
        if isinstance(found, MemoryError):
            raise TooLarge
        if isinstance(found, Exception):
            raise found
        return found

    def end(self) -> None:
        """Ends the process at once."""
        self._process.kill()
        self._process.join()
        self._pipe.close()


class Lane:
    """So many workers and spares for questions of one kind, started at the first question."""

    def __init__(
        self, work: Work, prepare: Callable[[], object], *, size: int, spares: int
    ) -> None:
        self._make: Callable[[], Worker] = lambda: Worker(work, prepare)
        self._size = size
        self._free: SimpleQueue[Worker] = SimpleQueue()
        self._all: set[Worker] = set()
        self._spares: deque[Worker] = deque()
        self._wanted = spares
        self._lock = Lock()
        self._waiting = Semaphore(WAITING)
        self._long = Semaphore(spares)
        self._closed = False

    def asked(self, arguments: tuple[Any, ...], seconds: float) -> Answer:
        """The answer within so many seconds. Raises Busy, TooLong or TooLarge."""
        if not self._waiting.acquire(blocking=False):
            raise Busy
        try:
            worker = self._taken(seconds)
        finally:
            self._waiting.release()
        try:
            worker.ask(arguments)
            found = worker.answer(min(QUICK, seconds))
        except BaseException:
            self._replace()
            self._end(worker)
            raise
        if found is not None:
            self._free.put(worker)
            self._keep_spares()
            return found
        return self._going_on(worker, seconds - QUICK)

    def _going_on(self, worker: Worker, seconds: float) -> Answer:
        """The rest of a long question, while another worker takes the place of its own."""
        room = self._long.acquire(blocking=False)
        self._replace()
        try:
            found = worker.answer(max(0.0, seconds)) if room else None
        finally:
            self._end(worker)
            if room:
                self._long.release()
        if found is not None:
            return found
        raise TooLong if room else Busy

    def close(self) -> None:
        """Ends all processes; nothing is answered any more."""
        with self._lock:
            self._closed = True
            workers = tuple(self._all)
            self._all.clear()
        for worker in workers:
            worker.end()

    def _taken(self, seconds: float) -> Worker:
        with self._lock:
            while not self._closed and len(self._all) < self._size:
                self._free.put(self._started())
        try:
            return self._free.get(timeout=seconds)
        except Empty:
            raise Busy from None

    def _keep_spares(self) -> None:
        """Later than the first workers, which somebody waits for."""
        with self._lock:
            while not self._closed and len(self._spares) < self._wanted:
                self._spares.append(self._started())

    def _replace(self) -> None:
        """A spare in the place of one that isn't to be asked again."""
        self._keep_spares()
        with self._lock:
            if self._spares:
                self._free.put(self._spares.popleft())
        self._keep_spares()

    def _started(self) -> Worker:
        worker = self._make()
        self._all.add(worker)
        return worker

    def _end(self, worker: Worker) -> None:
        with self._lock:
            known = worker in self._all
            self._all.discard(worker)
        if known:
            worker.end()


def _serve(pipe: Any, work: Work, prepare: Callable[[], object]) -> None:
    """A worker's life: limits itself, prepares, and answers until nobody is there any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the server's, which ends its workers
    _limited()
    pipe.send(_tried(prepare))
    while True:
        try:
            arguments = pipe.recv()
        except (EOFError, OSError):
            return
        pipe.send(_tried(partial(work, *arguments)))


def _tried(work: Callable[[], object]) -> object:
    """What came out, or why nothing did; the process stays."""
    try:
        found = work()
        return True if found is None else found
    except Exception as error:
        return error


def _limited() -> None:
    if sys.platform == "win32":
        return  # it has no such limit
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
