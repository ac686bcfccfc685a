"""The models that `make test` takes: as few as hold, together, all that those of the catalog hold.

Which they are stands in `sample.toml`, so that no model is described before the first test; `test_sample.py` writes it anew.
What a test goes through beyond them is marked `whole`, and runs in `make whole`. Of the catalog's pairs, whose number grows
with the square of its models', a chosen share runs there; every one in `make every`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from llm_gallery.catalog.ancestors import ancestors
from llm_gallery.catalog.entry_file import MODELS, files
from llm_gallery.catalog.load import entries
from tests.marks import unwanted

FILE = Path(__file__).with_name("sample.toml")
DRAWN = 12
DISTANCES = (1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144)
"""In the order of release, between the models of a chosen pair: near ones are alike, far ones aren't."""
Pair = tuple[str, str]


@cache
def lists() -> dict[str, tuple[str, ...]]:
    return {name: tuple(ids) for name, ids in tomllib.loads(FILE.read_text("utf-8")).items()}


def sample() -> tuple[str, ...]:
    """The model that holds most, then time and again the one that adds most, until nothing is missing."""
    return lists()["holding"]


def of_each_family() -> tuple[str, ...]:
    """A model of each family that the catalog has one of."""
    return lists()["families"]


@cache
def catalog() -> tuple[str, ...]:
    """Every model, by the name of its file."""
    return tuple(file.stem for file in files(MODELS))


def dozen() -> tuple[str, ...]:
    """The models of the sample that hold most: those that are drawn and printed each time."""
    return sample()[:DRAWN]


def models() -> list[ParameterSet]:
    """Every model, for a test that each must pass; each time the sample."""
    return first(catalog(), sample())


@cache
def released_types() -> frozenset[str]:
    """The types that configs of the catalog state."""
    return frozenset(str(entry.config.get("model_type", "")) for entry in entries())


def drawings() -> list[ParameterSet]:
    """Every model, for a test that draws it; each time a dozen."""
    return first(catalog(), dozen())


def sampled() -> list[ParameterSet]:
    """Every model, for a test that takes long: each time a dozen, in `make whole` the sample, in `make every` all."""
    return first(catalog(), dozen(), {*catalog()} - {*sample()})


def families() -> list[ParameterSet]:
    """Every model, for a test of what a family makes of a config; each time one of each family."""
    return first(catalog(), of_each_family())


def sets() -> list[ParameterSet]:
    """The sample and the catalog, for a test of a set of models."""
    return [
        pytest.param(sample(), id="sample"),
        pytest.param(catalog(), id="catalog", marks=pytest.mark.whole),
    ]


@dataclass(frozen=True)
class Pairs:
    """Pairs of models, made when a test goes through them."""

    make: Callable[[], Iterable[Pair]]

    def __iter__(self) -> Iterator[Pair]:
        return iter(self.make())


def pairs() -> list[ParameterSet]:
    """Pairs for a test of any two models: all of the sample's dozen, those chosen of the catalog, and all of that."""
    return [
        pytest.param(Pairs(lambda: combinations(dozen(), 2)), id="sample"),
        pytest.param(Pairs(chosen), id="chosen", marks=pytest.mark.whole),
        pytest.param(
            Pairs(lambda: combinations(catalog(), 2)), id="every", marks=pytest.mark.every
        ),
    ]


def chosen() -> list[Pair]:
    """As many pairs as models, times a number that doesn't grow: each model beside those released some places
    before and after it, and beside its nearest ancestor.
    """
    models = [entry.id for entry in entries()]
    beside = [
        pair for distance in DISTANCES for pair in zip(models, models[distance:], strict=False)
    ]
    return list(
        dict.fromkeys([*beside, *((model, step.id) for model, step in ancestors().items())])
    )


def share(cases: Iterable[tuple[object, ...]], out_of: int) -> list[ParameterSet]:
    """One case out of so many, for a test of several values that takes long; the others in `make every`."""
    return [
        pytest.param(*case, marks=pytest.mark.every if place % out_of else ())
        for place, case in enumerate(cases)
    ]


def first(
    cases: Iterable[object], few: Iterable[object], rest: Iterable[object] = ()
) -> list[ParameterSet]:
    """All cases, of which only those few run each time, and the rest in `make every` alone.

    What the run doesn't take isn't made, but for one where a test would be left without a case.
    """
    marks = dict.fromkeys(rest, pytest.mark.every) | dict.fromkeys(few, None)
    marked = [(case, marks.get(case, pytest.mark.whole)) for case in cases]
    params = [
        pytest.param(case, marks=() if mark is None else mark)
        for case, mark in marked
        if mark is None or not unwanted(mark.name)
    ]
    return params or [pytest.param(case, marks=mark) for case, mark in marked[:1] if mark]
