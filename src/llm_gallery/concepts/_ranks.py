"""Which of the concepts that are new in a model says most of it: how it keeps and reads the past, before all else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from llm_gallery.concepts._concept import Rank
from llm_gallery.concepts._file import concepts

RANKS: tuple[Rank, ...] = get_args(Rank)
"""The most telling first."""


def rank(shown: Iterable[str]) -> int:
    """The place of the most telling of some concepts; as many as there are ranks where none tells."""
    known = concepts()
    ranks = {known[concept].new.rank for concept in shown if concept in known}
    return next((place for place, name in enumerate(RANKS) if name in ranks), len(RANKS))


def telling(concept: str) -> tuple[int, int, str]:
    """By which concepts are sorted, the most telling first: by rank, then by their place in it."""
    described = concepts().get(concept)
    return rank((concept,)), 99 if described is None else described.new.place, concept
