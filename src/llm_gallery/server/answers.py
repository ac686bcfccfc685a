"""Answers for pasted configs, worked out in processes of their own that end when they take too long."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from warnings import simplefilter

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.faults import LeftOut
from llm_gallery.catalog.load import MODELS, find
from llm_gallery.catalog.pasted_config import answer, block_details, drawing, prepared, relatives
from llm_gallery.catalog.pasted_uses import card, entry, run
from llm_gallery.server.worker_pool import MEMORY, Lane, TooLarge, TooLong

SECONDS = 10.0
"""The longest that an answer may take; real configs take 0.03 s."""
Json = dict[str, Any]


class Answers:
    """Processes that describe, and one that finds relatives and has the whole catalog at hand.

    So whoever changes a value needn't wait until the relatives of the one before are found.
    """

    def __init__(self, catalog: Path | None = None, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        path = catalog or MODELS
        describing = Lane(_describe, _ready_to_draw, size=2, spares=2)
        near = Lane(partial(_relatives, path), partial(_ready_to_compare, path), size=1, spares=1)
        self._lanes = {
            **dict.fromkeys(DESCRIBING, describing),
            "relatives": near,
        }

    def answer(self, name: str, question: bytes) -> Json:
        """What is said to a question of that name; what can't be asked is refused. Raises Busy."""
        values = _question(name, question)
        if isinstance(values, str):
            return {"refused": values}
        try:
            return self._lanes[name].answer((name, values), self._seconds)
        except Refusal as refusal:
            return {"refused": str(refusal)}
        except TooLong:
            return {
                "refused": f"the config took more than {self._seconds:.0f} s, expected less "
                "than one; is it the config of a language model?"
            }
        except TooLarge:
            return {
                "refused": f"the config takes more than {MEMORY // 2**30} GiB to describe, "
                "expected some MiB; is it the config of a language model?"
            }

    def close(self) -> None:
        """Ends the processes."""
        for lane in self._lanes.values():
            lane.close()


DESCRIBING: Mapping[str, Callable[..., Json]] = {
    "describe": answer,
    "drawing": drawing,
    "parts": block_details,
    "card": card,
    "run": run,
    "entry": entry,
}
"""What is answered without the catalog."""
ASKED: Mapping[str, tuple[str, ...]] = {
    "describe": ("text", "original", "theme", "detail", "guess"),
    "drawing": ("text", "theme", "guess"),
    "card": ("text", "theme", "guess"),
    "run": ("text", "guess"),
    "entry": ("text", "repository"),
    "parts": ("text", "guess"),
    "relatives": ("text", "guess"),
}
"""What can be asked, and what a question may hold; all of it text."""


def _question(name: str, question: bytes) -> dict[str, str] | str:
    """The question as arguments, or why there is none."""
    try:
        values = json.loads(question)
    except (ValueError, RecursionError):
        values = None
    if isinstance(values, dict) and "text" in values:
        known = all(key in ASKED[name] and isinstance(value, str) for key, value in values.items())
        if known:
            return values
    return f"the question is no JSON object of texts, expected {', '.join(ASKED[name])}"


def _describe(name: str, question: dict[str, str]) -> Json:
    return DESCRIBING[name](**question)


def _relatives(catalog: Path, name: str, question: dict[str, str]) -> Json:
    return relatives(**question, catalog=catalog)


def _ready_to_draw() -> None:
    """What every answer needs is imported and read: one model is drawn."""
    from llm_gallery.figure import Heading, draw

    first = min(MODELS.glob("*.toml"))
    draw(find(first.stem).architecture, Heading(name=first.stem)).alone()


def _ready_to_compare(catalog: Path) -> None:
    """The whole catalog is described. What it is without, the build or whoever serves it has said."""
    simplefilter("ignore", LeftOut)
    deque(prepared(catalog), maxlen=0)
