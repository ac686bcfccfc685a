"""No name of a checkpoint means anything to us: under other names, figures, facts, comparison and concepts are equal."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from llm_gallery import comparison, families
from llm_gallery.analysis.concepts import concepts
from llm_gallery.analysis.facts import facts
from llm_gallery.analysis.memory import cache as kept
from llm_gallery.analysis.parameters import parameters
from llm_gallery.analysis.without import without
from llm_gallery.architecture.block import CHANNEL_MIXERS, TOKEN_MIXERS, Block, walk
from llm_gallery.catalog import figures
from llm_gallery.catalog.load import Model
from llm_gallery.figure import weights
from llm_gallery.figure.draw import Detail
from llm_gallery.figure.shapes import Picture
from tests.families.test_bounds import CONFIGS
from tests.renamed import Names, renamed

FAMILIES = families.names()
OF_ROLES = (*TOKEN_MIXERS, *CHANNEL_MIXERS, "indexer", "compressor", "ngram_memory")


@cache
def model(family: str) -> Model:
    return Model(family, family, families.describe(CONFIGS[family]))


@pytest.fixture(autouse=True)
def untabled(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table of weights is as broad as the names in it: it is compared by its rows."""
    monkeypatch.setattr(
        weights, "table", lambda root, wide: Picture(width=wide, height=0, shapes=())
    )


def rows(root: Block, back: Callable[[str], str]) -> dict[str, Counter[weights.Weight]]:
    """The table of weights, under the names that `back` gives them."""
    found: dict[str, Counter[weights.Weight]] = {}
    for part, held in weights.weights(root).items():
        for weight, count in held.items():
            found.setdefault(part.title, Counter())[
                weight._replace(name=back(weight.name).removesuffix(".weight"))
            ] += count
    return found


@pytest.mark.parametrize("family", FAMILIES)
def test_names_are_only_printed(family: str) -> None:
    old, names = model(family), Names()
    architecture = renamed(old.architecture, names)
    new = replace(old, architecture=architecture)
    details: tuple[Detail, ...] = ("overview", "full")
    for detail in details:
        assert names.back(new.figure(detail=detail).svg) == old.figure(detail=detail).svg
    assert rows(architecture.root, names.back) == rows(old.architecture.root, str)
    assert facts(architecture) == facts(old.architecture)
    for concept in concepts(old.architecture.root):
        one, other = (without(a.root, concept) for a in (old.architecture, architecture))
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            assert kept(one) == kept(other)
            assert parameters(one) == parameters(other)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_comparison_reads_no_name(family: str) -> None:
    beside = FAMILIES[FAMILIES.index(family) - 1]
    old, names = [model(family), model(beside)], Names()
    new = [replace(one, architecture=renamed(one.architecture, names)) for one in old]
    assert json.dumps(comparison.to_json(comparison.compare(new))) == json.dumps(
        comparison.to_json(comparison.compare(old))
    )
    assert not comparison.compare([old[0], new[0]]).differences[0].changes
    assert names.back(figures.difference(*new).svg) == figures.difference(*old).svg


@pytest.mark.parametrize("family", FAMILIES)
def test_every_part_of_a_mechanism_has_a_role(family: str) -> None:
    for path, block in walk(model(family).architecture.root):
        if block.kind in OF_ROLES:
            for part in block.inside:
                if part.kind in ("linear", "rms_norm", "layer_norm"):
                    assert part.roles, f"{path}.{part.name}"
