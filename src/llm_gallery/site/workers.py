"""Pages rendered by as many processes as there are cores; those of the same work by the same one."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import active_children, get_context
from typing import ClassVar

from llm_gallery.figure.kit.drawing import Looks
from llm_gallery.processes import ended_with_parent, without_interrupts
from llm_gallery.site.page import Page

Write = Callable[[Page], None]
Work = Sequence[Page]
Done = Callable[[str], None]
"""Told of each work by its name, by the process that wrote it."""
FEW, MOST = 16, 8
"""Works for which no process is started; processes at most."""


def render(
    first: Sequence[Page],
    others: Callable[[], Sequence[Page]],
    looks: Sequence[Looks],
    write: Write,
    done: Done,
) -> None:
    """Writes all pages; each of `looks` then holds those of all the drawings that tell it theirs.

    This process works out what `others` need while the rest of them write the `first`; what of those isn't
    begun by then, all write together. What a page raises is raised here, and the other processes end.
    """
    works: Sequence[Work] = _works(first)
    processes = min(MOST, len(os.sched_getaffinity(0))) if _may_fork() else 1
    if processes > 1 and len(works) >= FEW:
        with _written(processes - 1, (works, looks, write, done)) as left:
            works = [*_works(others()), *left()]
        with _written(processes, (works, looks, write, done)):
            pass
    else:
        for work in (*works, *_works(others())):
            _write(work, write, done)


def _write(work: Work, write: Write, done: Done) -> None:
    for page in work:
        write(page)
    done(work[0].work)


def _works(pages: Sequence[Page]) -> list[list[Page]]:
    """Pages that share something, together, and first: whoever is left with the last work should have a short one."""
    alone = [[page] for page in pages if not page.work]
    shared: dict[str, list[Page]] = {}
    for page in pages:
        if page.work:
            shared.setdefault(page.work, []).append(page)
    return [*shared.values(), *alone]


def _may_fork() -> bool:
    """Only where this process has one thread: a fork takes the locks of others along, held for ever."""
    with suppress(OSError):
        return len(os.listdir("/proc/self/task")) == 1
    return False


@contextmanager
def _written(
    count: int, begun: tuple[Sequence[Work], Sequence[Looks], Write, Done]
) -> Iterator[Callable[[], list[Work]]]:
    """The works are written at the end, and until then so many processes are at it; gives what takes back the rest.

    Forked ones hold what they begin with already: no page could be sent to them.
    """
    works, looks, *_ = begun
    others = {*active_children()}
    pool = ProcessPoolExecutor(count, get_context("fork"), _Process.begin, begun)
    try:
        with without_interrupts():  # forked at the first work, with what they hold then
            written = [pool.submit(_Process.work, index) for index in range(len(works))]
        yield lambda: [work for work, future in zip(works, written, strict=True) if future.cancel()]
        for future in written:
            if not future.cancelled():
                for before, new in zip(looks, future.result(), strict=True):
                    before.update(new)
    except BaseException:
        for process in {*active_children()} - others:
            process.kill()  # what it writes is thrown away
        raise
    finally:
        pool.shutdown(cancel_futures=True)


class _Process:
    """What one process works with."""

    works: ClassVar[Sequence[Work]]
    looks: ClassVar[Sequence[Looks]]
    write: ClassVar[Write]
    done: ClassVar[Done]

    @classmethod
    def begin(cls, works: Sequence[Work], looks: Sequence[Looks], write: Write, done: Done) -> None:
        ended_with_parent()
        gc.disable()  # the process ends soon, and collecting takes a tenth of its time
        cls.works, cls.looks = works, looks
        cls.write, cls.done = staticmethod(write), staticmethod(done)

    @classmethod
    def work(cls, index: int) -> list[Looks]:
        """Writes a work's pages; the looks that are met in it first."""
        known = [set(look) for look in cls.looks]
        _write(cls.works[index], cls.write, cls.done)
        return [
            {name: rules for name, rules in known_looks.items() if name not in before}
            for known_looks, before in zip(cls.looks, known, strict=True)
        ]
