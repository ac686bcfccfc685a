"""The models that `make test` draws and compares: as few as hold, together, all that those of the catalog hold.

What a test goes through beyond them is marked `whole`, and runs in `make whole`. Of the catalog's pairs, whose number grows
with the square of its models', a chosen share runs there; every one in `make every`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import combinations

import pytest
from _pytest.mark import ParameterSet

from llm_gallery.analysis.concepts import concepts
from llm_gallery.architecture.block import Block, walk
from llm_gallery.catalog.ancestors import ancestors
from llm_gallery.catalog.family_members import members

DISTANCES = (1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144)
"""In the order of release, between the models of a chosen pair: near ones are alike, far ones aren't."""
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
    """The sample and the catalog, for a test of a set of models."""
    return [
        pytest.param(sample(), id="sample"),
        pytest.param(catalog(), id="catalog", marks=pytest.mark.whole),
    ]


def pairs() -> list[ParameterSet]:
    """Pairs for a test of any two models: all of the sample, those chosen of the catalog, and all of that."""
    return [
        pytest.param([*combinations(sample(), 2)], id="sample"),
        pytest.param(chosen(), id="chosen", marks=pytest.mark.whole),
        pytest.param([*combinations(catalog(), 2)], id="every", marks=pytest.mark.every),
    ]


@cache
def chosen() -> list[tuple[str, str]]:
    """As many pairs as models, times a number that doesn't grow: each model beside those released some places
    before and after it, and beside its nearest ancestor.
    """
    models = catalog()
    beside = [
        pair for distance in DISTANCES for pair in zip(models, models[distance:], strict=False)
    ]
    return list(
        dict.fromkeys([*beside, *((model, step.id) for model, step in ancestors().items())])
    )


def first(
    cases: Iterable[object], few: Iterable[object], rest: Iterable[object] = ()
) -> list[ParameterSet]:
    """All cases, of which only those few run each time, and the rest in `make every` alone."""
    marks = dict.fromkeys(rest, pytest.mark.every) | dict.fromkeys(few, None)
    marked = [(case, marks.get(case, pytest.mark.whole)) for case in cases]
    return [pytest.param(case, marks=() if mark is None else mark) for case, mark in marked]
