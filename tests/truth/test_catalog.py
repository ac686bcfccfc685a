"""Every catalog model's tensors, buffers, ties and cache equal the reference's, as its committed digests say."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from math import prod
from pathlib import Path
from typing import Any

import pytest

from llm_gallery.analysis.parameters import stored
from llm_gallery.architecture.block import Block
from llm_gallery.catalog.accuracy import rows
from llm_gallery.catalog.load import MODELS, find
from tests.sample import dozen, first, sample
from tools.digests import DIFFERENCES, cached_bytes, described, digest, folded, lengths, tied
from tools.generate_defaults import LACKING
from tools.reference import BUILT_AS

HERE = Path(__file__).parent
IDS = sorted(file.stem for file in MODELS.glob("*.toml"))
OTHERWISE = {model for line in DIFFERENCES["not_built"] for model in line["models"]}
BUILT = sorted(file.stem for file in (HERE / "models").glob("*.json"))
"""Models that the reference builds as they were released."""


def lacked() -> set[str]:
    """Models of types that the reference lacks."""
    return {model for model in IDS if find(model).architecture.model_type in LACKING}


def root(model: str) -> Block:
    return find(model).architecture.root


def truth(model: str) -> dict[str, Any]:
    held: dict[str, Any] = json.loads((HERE / "models" / f"{model}.json").read_text("utf-8"))
    return held


def test_every_model_has_its_digests_and_no_file_is_left_over() -> None:
    assert sorted({*IDS} - OTHERWISE - lacked()) == BUILT


def test_models_without_a_reference_have_a_published_total_or_a_reason() -> None:
    unconfirmed = {model for line in DIFFERENCES["unconfirmed"] for model in line["models"]}
    published = {row.id for row in rows() if row.verdict == "exact"}
    assert (OTHERWISE | lacked()) - published == unconfirmed


@pytest.mark.parametrize("model", first(BUILT, dozen()))
def test_tensors_equal_the_references(model: str) -> None:
    ours = described(root(model))
    held = truth(model)
    assert (len(ours), sum(map(prod, ours.values()))) == (held["tensors"], held["elements"])
    assert digest(ours) == held["sha256"]
    assert tied(root(model)) == held["tied"]


@pytest.mark.parametrize("model", first(BUILT, dozen()))
def test_buffers_are_listed_with_their_reason(model: str) -> None:
    listed = [line["name"] for line in DIFFERENCES["buffers"] if model in line["models"]]
    held = truth(model)["buffers"]
    assert all(any(fnmatchcase(name, line) for line in listed) for name in held["names"])
    assert all(any(fnmatchcase(name, line) for name in held["names"]) for line in listed)
    ours = {n: s for n, s in described(root(model)).items() if folded(n) in held["names"]}
    assert sum(map(prod, ours.values())) == held["elements"]


@pytest.mark.parametrize("model", first(IDS, sample()))
def test_what_the_reference_never_builds_is_listed(model: str) -> None:
    for line in DIFFERENCES["apart"]:
        found = sum(stored(b) for b in root(model).inside if b.kind == line["kind"])
        assert found == line["elements"].get(model, 0)


@pytest.mark.parametrize("model", first(BUILT, sample()))
def test_cache_equals_the_references(model: str) -> None:
    held = truth(model)["cached_bytes"]
    compared = lengths(model, root(model))
    assert {str(n): cached_bytes(root(model), n) for n in compared} == held
    unmeasured = {model for line in DIFFERENCES["not_measured"] for model in line["models"]}
    assert bool(held) == (model not in unmeasured)


def test_models_built_as_another_type_are_listed() -> None:
    listed = {line["model"]: line["model_type"] for line in DIFFERENCES["built_as"]}
    types = {model: find(model).architecture.model_type for model in IDS}
    assert {m: BUILT_AS[t] for m, t in types.items() if t in BUILT_AS} == listed
    assert all(truth(m)["built_as"] == listed.get(m, types[m]) for m in BUILT)


def test_every_difference_has_a_reason_and_a_model_that_needs_it() -> None:
    lines = [
        line
        for held in DIFFERENCES.values()
        for line in (held if isinstance(held, list) else [held])
    ]
    assert all(len(line["reason"]) > 40 for line in lines)
    named = {
        name for line in lines for name in (*line.get("models", ()), *line.get("elements", ()))
    }
    assert named <= set(IDS)
