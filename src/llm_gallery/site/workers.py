"""Pages rendered by as many processes as there are cores; those of the same work by the same one."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkContext
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING

from llm_gallery.figure.kit.drawing import Looks
from llm_gallery.site.page import Page

if TYPE_CHECKING:
    from multiprocessing.queues import SimpleQueue

Write = Callable[[Page], None]
Work = Sequence[Page]
FEW, MOST = 16, 8
"""Works for which no process is started; processes at most."""


def render(pages: Sequence[Page], looks: Looks, write: Write) -> None:
    """Writes all pages; `looks` then holds those of all their drawings.

    What a page raises is raised here, and the other processes end.
    """
    works = _works(pages)
    processes = min(MOST, len(os.sched_getaffinity(0))) if _may_fork() else 1
    if processes > 1 and len(works) >= FEW:
        _together(get_context("fork"), processes, works, looks, write)
    else:
        for page in pages:
            write(page)


def _works(pages: Sequence[Page]) -> list[list[Page]]:
    """Pages that share something, together; those that stand alone first, for some of them are long."""
    alone = [[page] for page in pages if not page.work]
    shared: dict[str, list[Page]] = {}
    for page in pages:
        if page.work:
            shared.setdefault(page.work, []).append(page)
    return [*alone, *shared.values()]


def _may_fork() -> bool:
    """Only where this process has one thread: a fork takes the locks of others along, held for ever."""
    with suppress(OSError):
        return len(os.listdir("/proc/self/task")) == 1
    return False


def _together(
    context: ForkContext, count: int, works: Sequence[Work], looks: Looks, write: Write
) -> None:
    todo: SimpleQueue[int] = context.SimpleQueue()
    started: list[BaseProcess] = []
    ends: list[Connection] = []
    try:
        for _ in range(count):
            here, there = context.Pipe(duplex=False)
            process: BaseProcess = context.Process(
                target=_work, args=(works, todo, there, looks, write)
            )
            process.start()
            there.close()
            started.append(process)
            ends.append(here)
        for index in (*range(len(works)), *(-1 for _ in started)):
            todo.put(index)
        _collected(ends, looks)
    finally:
        for process in started:
            process.terminate()
            process.join()


def _collected(ends: list[Connection], looks: Looks) -> None:
    waiting = list(ends)
    while waiting:
        for end in wait(waiting):
            assert isinstance(end, Connection)
            try:
                told = end.recv()
            except EOFError:
                raise RuntimeError("a process of the build was killed") from None
            if isinstance(told, BaseException):
                raise told
            looks.update(told)
            waiting.remove(end)


def _work(
    works: Sequence[Work], todo: SimpleQueue[int], end: Connection, looks: Looks, write: Write
) -> None:
    """One process: takes works until there are no more, then tells the looks that it met."""
    gc.disable()  # it ends soon, and collecting takes a tenth of its time
    try:
        while (index := todo.get()) >= 0:
            for page in works[index]:
                write(page)
        end.send(looks)
    except BaseException as error:  # also what ends a process: the one that waits raises it
        end.send(error)
