"""No name of a checkpoint means anything to us: under other names, figures, facts, comparison and concepts are equal."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

import pytest

from llm_gallery import comparison, families, recognition
from llm_gallery.architecture.block import walk
from llm_gallery.architecture.kinds import kinds
from llm_gallery.architecture.roles import ROLES
from llm_gallery.catalog import figures
from llm_gallery.catalog.load import Model
from tests.families.test_bounds import known
from tests.renamed_tensors import Names, names_are_only_printed, renamed
from tests.sample import first, released_types
from tests.truth.naive.models import chosen

FAMILIES = families.names()
EACH = first(FAMILIES, (), released_types())
"""Of the catalog's, a sample of models is renamed in `test_every_model.py`."""
pytestmark = pytest.mark.whole
OF_ROLES = (
    *kinds("mixes tokens"),
    *kinds("mixes channels"),
    "indexer",
    "compressor",
    "ngram_memory",
)


@cache
def model(family: str) -> Model:
    return Model(family, family, recognition.describe(known()[family]))


@pytest.mark.parametrize("family", EACH)
def test_names_are_only_printed(family: str) -> None:
    names_are_only_printed(model(family))


@pytest.mark.parametrize("family", EACH)
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
        for part in block.inside if block.kind in OF_ROLES else ():
            if part.kind in ("linear", "rms_norm", "layer_norm"):
                assert part.roles, f"{path}.{part.name}"


def test_every_role_has_a_part() -> None:
    """The vocabulary holds no word that no family needs."""
    found = [walk(model(family).architecture.root) for family in FAMILIES]
    linear = {**known()["nemotron_nas"], **chosen((0, 1.0))}  # a matrix in place of attention
    forgets = {**known()["hgrn"], "use_short_conv": True}
    found += [walk(recognition.describe(config).root) for config in (linear, forgets)]
    assert {role for blocks in found for _, block in blocks for role in block.roles} == {*ROLES}
