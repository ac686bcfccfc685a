"""The models that `make test` draws and compares: as few as hold, together, all that those of the catalog hold.

What a test goes through beyond them is marked `whole`, and runs in `make whole`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import pytest
from _pytest.mark import ParameterSet

from llm_gallery.analysis.concepts import concepts
from llm_gallery.architecture.block import Block, walk
from llm_gallery.catalog.family_members import members

Held = frozenset[tuple[str, ...]]


@cache
def held(model: str) -> Held:
    """The kinds of a model's blocks, which stand in which and what they state, and its concepts."""
    root = roots()[model]
    blocks = [block for _, block in walk(root)]
    return frozenset(
        [
            *(("concept", name) for name in concepts(root)),
            *(("kind", block.kind) for block in blocks),
            *(("fact", block.kind, name) for block in blocks for name in block.facts),
            *(("inside", block.kind, part.kind) for block in blocks for part in block.inside),
        ]
    )


@cache
def roots() -> dict[str, Block]:
    """Every model's tree by its id, newest first; the site is not asked, which truth's environment lacks."""
    return {member.id: member.architecture.root for member in members()}


@cache
def sample() -> tuple[str, ...]:
    """The model that holds most, then time and again the one that adds most, until nothing is missing."""
    known = {model: held(model) for model in catalog()}
    missing, chosen = set().union(*known.values()), list[str]()
    while missing:
        chosen.append(max(known, key=lambda model: len(known[model] & missing)))
        missing -= known[chosen[-1]]
    return tuple(chosen)


@cache
def catalog() -> tuple[str, ...]:
    """Every model, newest first."""
    return tuple(roots())


def models() -> list[ParameterSet]:
    """Every model, for a test that each must pass."""
    return first(catalog(), sample())


def sets() -> list[ParameterSet]:
    """The sample and the catalog, for a test of any two models."""
    return [
        pytest.param(sample(), id="sample"),
        pytest.param(catalog(), id="catalog", marks=pytest.mark.whole),
    ]


def first(cases: Iterable[object], few: Iterable[object]) -> list[ParameterSet]:
    """All cases, of which only those few run each time."""
    chosen = {*few}
    return [pytest.param(case, marks=() if case in chosen else pytest.mark.whole) for case in cases]
