"""Which concepts of a model few had when it came."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache

from llm_gallery.analysis.concepts import concepts
from llm_gallery.architecture.block import Architecture
from llm_gallery.catalog.family_members import members
from llm_gallery.lineage import Member

FEW, ENOUGH = 0.1, 10
"""The share of the others that have a concept, up to which it is rare, and as many as there must be."""


def rare(own: Architecture, others: Iterable[Architecture]) -> tuple[str, ...]:
    """Which of a model's concepts few of the others have, the rarest first; none where there are too few to tell."""
    held = [frozenset(concepts(one.root)) for one in others]
    if len(held) < ENOUGH:
        return ()
    having = {name: sum(name in one for one in held) for name in concepts(own.root)}
    few = (name for name, count in having.items() if count <= FEW * len(held))
    return tuple(sorted(few, key=lambda name: (having[name], name)))


def earlier(day: date | None) -> list[Architecture]:
    """The catalog's models of the days before; all, where nobody knows the day."""
    return [one.architecture for one in _catalog() if day is None or one.released < day]


@cache
def _catalog() -> tuple[Member, ...]:
    """The package's own, read once: it is asked for each model that is explained."""
    return members()
