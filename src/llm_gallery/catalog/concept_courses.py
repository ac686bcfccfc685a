"""The course of a concept within each organization, in words for a terminal and for its page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from llm_gallery.catalog.terminal import wrapped
from llm_gallery.concepts import built_on, concepts
from llm_gallery.lineage.concept_series import (
    COURSES,
    Course,
    Series,
    Turn,
    concept_series,
    needed,
    own_models,
    to_json,
)
from llm_gallery.lineage.designs import Design

FOLDED: tuple[Course, ...] = ("kept", "never")
"""Courses without a turn: a count of designs an organization says it all."""


def courses(concept: str, made: Sequence[Design]) -> tuple[Series, ...]:
    """The series of all organizations that brought a design which could have the concept."""
    return concept_series(concept, made, built_on(concept))


def lead(concept: str, made: Sequence[Design]) -> str:
    """Which designs are asked: "designs with mixture of experts"."""
    host = sorted(needed(concept, made, built_on(concept)))
    named = " and ".join(concepts()[one].name.lower() for one in host)
    return f"designs with {named}" if named else "all designs"


def text(concept: str, made: Sequence[Design]) -> str:
    """For a terminal: by what became of the concept, who took it up, left it out and brought it back, when."""
    found = courses(concept, made)
    lines = [f"By organization, of {lead(concept, made)}, copies folded (+ how many of its own)"]
    for course, of in groupby(found, key=lambda one: one.course):
        lines.append(f"  {COURSES[course]}")
        some = list(of)
        if course in FOLDED:
            lines += wrapped(", ".join(map(counted, some)), "    ", 6)
        else:
            lines += [line for one in some for line in wrapped(series_words(one), "    ", 6)]
    return "\n".join(lines) + "\n"


def data(concept: str, made: Sequence[Design]) -> dict[str, Any]:
    """The same as plain data (docs/lineage.md)."""
    return {
        "needs": sorted(needed(concept, made, built_on(concept))),
        "series": to_json(courses(concept, made)),
    }


def series_words(series: Series) -> str:
    """ "Alibaba Cloud: with it 2024-03 Qwen1.5, Qwen2; without it 2025-04 Qwen3; with it again 2025-09 Qwen3-Next"."""
    turns = (f"{word} {turn.since:%Y-%m} {_names(turn)}" for word, turn in said(series))
    return f"{series.organization}: {'; '.join(turns)}"


def said(series: Series) -> Iterator[tuple[str, Turn]]:
    """Each turn after what it is: with it, without it, with it again."""
    had: set[bool] = set()
    for turn in series.turns:
        again = " again" if turn.has in had else ""
        yield f"{'with' if turn.has else 'without'} it{again}", turn
        had.add(turn.has)


def counted(series: Series) -> str:
    """ "DeepSeek (7 since 2024-01)"; what stands beside them without the concept is named."""
    (turn,) = series.turns
    beside = f", not {', '.join(map(name, turn.beside))}" if turn.beside else ""
    return f"{series.organization} ({len(turn.designs)} since {turn.since:%Y-%m}{beside})"


def name(design: Design) -> str:
    """A design by its first model, with how many more its organization made of it: "Qwen3 30B-A3B (+3)"."""
    more = len(own_models(design)) - 1
    return f"{design.first.name} (+{more})" if more else design.first.name


def _names(turn: Turn) -> str:
    beside = f" (not {', '.join(map(name, turn.beside))})" if turn.beside else ""
    return ", ".join(map(name, turn.designs)) + beside
