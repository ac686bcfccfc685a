"""Answers for pasted configs, worked out in processes of their own that end when they take too long."""

from __future__ import annotations

import json
import multiprocessing
import sys
from collections.abc import Callable, Mapping
from functools import partial
from multiprocessing.pool import Pool
from pathlib import Path
from threading import Lock
from typing import Any

from llm_gallery.catalog.answer import answer, drawing, relatives, told
from llm_gallery.catalog.load import MODELS

SECONDS = 10.0
"""The longest that an answer may take; real configs take 0.03 s, the first question for relatives 2 s."""
MEMORY = 2 * 2**30
"""Bytes that the process may take; it needs about 100 MiB."""

Json = dict[str, Any]


class Answers:
    """A process for each kind of question, started at the first; one question of a kind at a time.

    So whoever changes a value needn't wait until the relatives of the one before are found.
    """

    def __init__(self, catalog: Path | None = None, seconds: float = SECONDS) -> None:
        self._catalog = catalog or MODELS
        self._seconds = seconds
        self._locks = {name: Lock() for name in ASKED}
        self._pools: dict[str, Pool] = {}

    def asked(self, name: str, question: bytes) -> Json:
        """What is said to a question of that name; what can't be asked is refused."""
        found = _question(name, question)
        if isinstance(found, str):
            return {"refused": found}
        with self._locks[name]:
            if name not in self._pools:
                self._pools[name] = multiprocessing.get_context("spawn").Pool(1, _limited)
            try:
                waiting = self._pools[name].apply_async(_answer, (name, found, self._catalog))
                return waiting.get(self._seconds)
            except multiprocessing.TimeoutError:
                self._end(name)
                return {
                    "refused": f"the config took more than {self._seconds:.0f} s, expected less "
                    "than one; is it the config of a language model?"
                }
            except MemoryError:
                return {
                    "refused": f"the config takes more than {MEMORY // 2**30} GiB to describe, "
                    "expected some MiB; is it the config of a language model?"
                }

    def close(self) -> None:
        """Ends the processes."""
        for name, lock in self._locks.items():
            with lock:
                self._end(name)

    def _end(self, name: str) -> None:
        pool = self._pools.pop(name, None)
        if pool is not None:
            pool.terminate()
            pool.join()


def _limited() -> None:
    if sys.platform == "win32":
        return  # it has no such limit
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


ASKED: Mapping[str, tuple[str, ...]] = {
    "describe": ("text", "original", "theme", "guess"),
    "drawing": ("text", "theme", "guess"),
    "parts": ("text", "guess"),
    "relatives": ("text", "guess"),
}
"""What can be asked, and what a question may hold; all of it text."""


def _question(name: str, question: bytes) -> dict[str, str] | str:
    """The question as arguments, or why there is none."""
    try:
        found = json.loads(question)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict) and "text" in found:
        known = all(key in ASKED[name] and isinstance(value, str) for key, value in found.items())
        if known:
            return found
    return f"the question is no JSON object of texts, expected {', '.join(ASKED[name])}"


def _answer(name: str, asked: dict[str, str], catalog: Path) -> Json:
    answers: dict[str, Callable[..., Json]] = {
        "describe": answer,
        "drawing": drawing,
        "parts": told,
        "relatives": partial(relatives, catalog=catalog),
    }
    return answers[name](**asked)
