"""Processes that work at the steps, one on each core, and what is told of their progress."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor
from multiprocessing import active_children, get_context
from typing import Any, NamedTuple, ParamSpec, Protocol, TypeVar

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.processes import ended_with_parent, without_interrupts

P = ParamSpec("P")
T = TypeVar("T")


class Progress(Protocol):
    """Is told how many rows or configs a step has done, and which share of its whole work that leaves done."""

    def __call__(self, step: str, done: int, share: float) -> None: ...


class Task(NamedTuple):
    """Arguments of a step, how much work that is, and whether it was done before the census was stopped."""

    arguments: tuple[Any, ...]
    size: int
    done: bool


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Crew(Executor):
    """What steps are handed to."""

    @property
    def at_once(self) -> int:
        """How many tasks it works at beside each other, now."""
        raise NotImplementedError


class Here(Crew):
    """This process, which does what it is handed at once."""

    at_once = 1

    def submit(self, work: Callable[P, T], /, *arguments: P.args, **named: P.kwargs) -> Future[T]:
        done: Future[T] = Future()
        done.set_result(work(*arguments, **named))
        return done


class Processes(ProcessPoolExecutor, Crew):
    """Processes of this machine that are started anew, not forked: DuckDB and Arrow have threads."""

    def __init__(self, count: int) -> None:
        super().__init__(count, get_context("spawn"), ended_with_parent)
        self._count = count

    def submit(self, work: Callable[P, T], /, *arguments: P.args, **named: P.kwargs) -> Future[T]:
        with without_interrupts():  # a process may begin
            return super().submit(work, *arguments, **named)

    @property
    def at_once(self) -> int:
        """As many as there are processes."""
        return self._count


class Workers:
    """A crew at work at one step after the other."""

    def __init__(self, crew: Crew, progress: Progress) -> None:
        self._crew, self._progress = crew, progress

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, *raised: object) -> None:
        if kind is KeyboardInterrupt:  # what is worked at is done again, and may take long
            _terminated()
        self._crew.shutdown(cancel_futures=True)

    def all(self, step: str, work: Callable[..., int], tasks: Sequence[Task]) -> None:
        """Does what is left of the tasks. Raises what one of them raised, and Refusal where a process died."""
        size = max(1, sum(task.size for task in tasks))
        done, amount = sum(task.size for task in tasks if task.done), 0
        self._progress(step, 0, done / size)
        left = (task for task in tasks if not task.done)
        running: dict[Future[int], Task] = {}
        try:
            while self._filled(running, work, left):
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    amount += future.result()
                    done += running.pop(future).size
                    self._progress(step, amount, done / size)
        except BrokenProcessPool:
            # One that was being started as another died is ended by nobody, and its end would be waited for.
            _terminated()
            raise Refusal(
                "a process of the census was ended from outside, expected it to go on (is the memory "
                "full?); give the same command again, and it goes on where it stopped"
            ) from None

    def _filled(
        self, running: dict[Future[int], Task], work: Callable[..., int], left: Iterable[Task]
    ) -> bool:
        """Hands out a few tasks more than are worked at; whether any is running."""
        most = 2 * self._crew.at_once
        for task in left:
            running[self._crew.submit(work, *task.arguments)] = task
            if len(running) >= most:
                break
        return bool(running)


def _terminated() -> None:
    for process in active_children():
        process.terminate()
