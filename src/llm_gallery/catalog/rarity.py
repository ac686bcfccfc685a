"""The concepts of each model of the catalog with its makers and its day, and which of them few had when it came."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from llm_gallery.explanation import Design

FILE = Path(__file__).parent / "shown_concepts.toml"
FEW, ENOUGH = 0.1, 10
"""The share of the others that have a concept, up to which it is rare, and as many as there must be."""
Shown = frozenset[str]
"""The concepts that a model's tree shows."""


def rare(concepts: Collection[str], others: Collection[Shown]) -> tuple[str, ...]:
    """Which of a model's concepts few of the others have, the rarest first; none where there are too few to tell."""
    if len(others) < ENOUGH:
        return ()
    having = {name: sum(name in other for other in others) for name in concepts}
    few = (name for name, count in having.items() if count <= FEW * len(others))
    return tuple(sorted(few, key=lambda name: (having[name], name)))


def earlier(day: date | None) -> list[Shown]:
    """The concepts of the catalog's earlier models; those of all models where the day isn't known."""
    return [one.concepts for one in designs().values() if day is None or one.released < day]


@cache
def designs() -> Mapping[str, Design]:
    """By the id of each model of the package's catalog what it is by; generated, for all are described to know."""
    rows = tomllib.loads(FILE.read_text("utf-8"))
    return {
        model: Design(model, **{**row, "concepts": frozenset(row["concepts"])})
        for model, row in rows.items()
    }
