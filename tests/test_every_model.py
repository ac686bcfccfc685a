"""The one test that every catalog model passes; adding a model adds its tests."""

from __future__ import annotations

import json
import re
from functools import cache
from itertools import product
from math import prod
from typing import Any
from xml.etree import ElementTree

import pytest

from llm_gallery.analysis.contract import LENGTHS
from llm_gallery.analysis.layers import kinds, schedule
from llm_gallery.analysis.memory import cache as kept
from llm_gallery.analysis.parameters import parameters
from llm_gallery.analysis.units import binary
from llm_gallery.architecture import schema
from llm_gallery.architecture.block import Block, layers, tensors, walk
from llm_gallery.catalog.entry import Entry
from llm_gallery.catalog.explanations import explain
from llm_gallery.catalog.load import Model, architecture, find
from llm_gallery.catalog.model_facts import Facts, model_facts
from llm_gallery.catalog.pasted_config import answer
from llm_gallery.engines.released import NUMBERS, release
from llm_gallery.engines.subject import Subject
from llm_gallery.families import names
from llm_gallery.figure import Detail, draw
from llm_gallery.mechanisms.moe import routed
from llm_gallery.recognition.wrapper_rows import ROWS
from llm_gallery.site.exhibit import Exhibit
from llm_gallery.site.fact_groups import groups
from tests.renamed_tensors import names_are_only_printed
from tests.sample import drawings, families, models, sampled

CONTRACT: dict[str, Any] = {
    "id": str,
    "name": str,
    "model_type": str,
    "parameters": {
        "total": int,
        "active": int,
        "embedding": int,
        "multi_token_prediction": int,
        "other_modalities": int,
    },
    "layers": {"count": int, "mix": [{"kind": str, "count": int}], "pattern": str},
    "cache": {
        "bytes_per_token": int,
        "bytes_per_token_long": int,
        "state_bytes": int,
        "bytes_at": {"4096": int, "32768": int, "131072": int, "1048576": int},
    },
    "flops_per_token_at": {"4096": int, "32768": int, "131072": int, "1048576": int},
    "sheet": [
        {
            "title": str,
            "layers": int,
            "facts": [{"name": str, "label": str, "evidence": str, "source": str}],
        }
    ],
    "concepts": [str],
    "unread": [str],
    "assumed": [str],
    "warnings": [str],
}
"""The keys that other programs rely on, with the types of their values; more keys may stand beside them."""


@cache
def model(identifier: str) -> Model:
    return find(identifier)


@cache
def root(identifier: str) -> Block:
    return model(identifier).architecture.root


def mismatches(held: Any, expected: Any, path: str = "") -> list[str]:
    """Where a value isn't what the contract says."""
    if isinstance(expected, dict):
        if not isinstance(held, dict):
            return [path]
        return [
            fault
            for key, inner in expected.items()
            for fault in mismatches(held.get(key), inner, f"{path}.{key}")
        ]
    if isinstance(expected, list):
        if not isinstance(held, list):
            return [path]
        return [fault for value in held for fault in mismatches(value, expected[0], f"{path}[]")]
    return [] if type(held) is expected else [path]


def test_contract_check_can_fail() -> None:
    assert mismatches({"a": {"b": True}}, {"a": {"b": int, "c": [str]}}) == [".a.b", ".a.c"]


@pytest.mark.parametrize("identifier", families())
class TestEveryModel:
    def test_config_is_read_to_the_last_key(self, identifier: str) -> None:
        described = model(identifier).architecture
        assert described.model_type in {*names(), *ROWS}
        assert described.unread == ()
        assert not set(described.assumed) & set(_entry(identifier).config)

    def test_parts_sum_to_the_total(self, identifier: str) -> None:
        counted, held = parameters(root(identifier)), list(tensors(root(identifier)))
        once = [tensor for tensor in held if tensor.tied_to is None]
        apart = counted.multi_token_prediction + counted.other_modalities
        assert counted.total + apart == sum(prod(t.shape) for t in once)
        assert counted.total == sum(part.stored for part in counted.parts)
        assert counted.active == sum(part.active for part in counted.parts)
        assert 0 < counted.active_without_embedding <= counted.active <= counted.total
        assert len({tensor.name for tensor in held}) == len(held)

    def test_layers_are_counted_once_each(self, identifier: str) -> None:
        stack = layers(root(identifier))
        assert sum(kind.count for kind in kinds(root(identifier))) == len(stack)
        assert len(schedule(root(identifier))) == len(stack)

    def test_cache_grows_as_it_says(self, identifier: str) -> None:
        held = kept(root(identifier))
        assert held.at(1) - held.state_bytes == held.bytes_per_token
        assert held.at(2**30 + 1) - held.at(2**30) == held.bytes_per_token_long
        assert held.bytes_per_token_long <= held.bytes_per_token

    def test_facts_keep_the_contract(self, identifier: str) -> None:
        held = json.loads(json.dumps(model_facts(model(identifier))))
        assert mismatches(held, CONTRACT) == []
        assert held["id"] == identifier
        assert sum(line["count"] for line in held["layers"]["mix"]) == held["layers"]["count"]
        assert list(held["flops_per_token_at"]) == [str(length) for length in LENGTHS]

    def test_every_fact_knows_its_evidence(self, identifier: str) -> None:
        for path, block in walk(root(identifier)):
            for name, fact in block.facts.items():
                said = fact.evidence in ("stated", "assumed", "derived")
                assert bool(fact.source) or not said, f"{path}.{name}"

    def test_architecture_survives_json(self, identifier: str) -> None:
        described = model(identifier).architecture
        assert schema.from_json(json.loads(json.dumps(schema.to_json(described)))) == described

    def test_entry_keeps_only_what_is_read(self, identifier: str) -> None:
        from llm_gallery.recognition import catalog_config as read

        assert dict(read(_entry(identifier).config)) == _entry(identifier).config
        assert architecture(_entry(identifier)) == model(identifier).architecture

    def test_towers_and_prediction_modules_stand_apart(self, identifier: str) -> None:
        for _, block in walk(root(identifier)):
            inner = [part for part in block.inside if part.stands_apart]
            assert not inner or block.kind == "language_model"


@pytest.mark.parametrize("identifier", models())
def test_a_shared_expert_is_told_as_wide_as_its_tensors(identifier: str) -> None:
    """In facts, JSON and figure; where nothing is told, it is as wide as so many routed experts."""
    mixtures = {id(block): block for _, block in walk(root(identifier)) if block.value("shared")}
    told = {
        fact["value"]
        for section in model_facts(model(identifier))["sheet"]
        for fact in section["facts"]
        if fact["name"] == "shared_inner"
    }
    stored = set()
    for block in mixtures.values():
        shared = next(p for p in block.inside if p.is_mlp and p is not routed(block))
        *_, last = (t for _, part in walk(shared) for t in part.tensors if len(t.shape) > 1)
        inner = prod(last.shape) // shared.number("width")
        if "shared_inner" not in block.facts:
            assert inner * shared.copies == block.number("shared") * block.number("inner")
            continue
        assert block.number("shared_inner") == inner != block.number("inner")
        stored.add(inner)
    assert told == stored
    details: tuple[Detail, ...] = ("standard", "phone", "column", "full")
    for inner, detail in product(stored, details):
        shown = model(identifier).figure(detail=detail, text="live").svg
        assert f"{inner:,} inner" in shown or (detail == "phone" and ">One expert" not in shown)


@pytest.mark.parametrize("identifier", models())
def test_weights_are_told_in_the_format_of_the_release(identifier: str) -> None:
    """In the fact sheet, JSON, prose, page and the answer to a pasted config; never those of bf16 where it is packed."""
    described = model(identifier)
    released = release(Subject(identifier, described.architecture, described.config))
    held = released.bytes or dict.fromkeys(NUMBERS)
    facts = Facts.of(described, "bf16")
    assert facts["weights"] == {
        "format": released.format,
        "packed": released.packed,
        "bytes": held["total"],
        **{name: held[name] for name in NUMBERS[1:]},
    }
    size = "not known" if released.bytes is None else binary(released.bytes["total"])
    way = "released in" if released.packed else "in"
    assert re.search(rf"(?m)^{way.capitalize()} {released.words} +{size} ", facts.text())
    assert _entry(identifier).config == described.config
    shown = Exhibit(_entry(identifier), described.architecture, ())
    rows = {row.term.name: row for group in groups(shown) for row in group.rows}
    assert rows["Weights"].value == size
    assert released.words in rows["Weights"].source
    headline = answer(json.dumps(described.config))["headline"]
    (weights,) = (row["value"] for row in headline if row["label"] == "Weights")
    assert weights.endswith(f"{way} {released.words}")
    assert weights.startswith(f"{size}," if released.packed else size) or size == "not known"
    told = explain(described).text()
    if released.bytes is None:
        assert f"isn't known: they are released in {released.words}." in told
    elif released.packed:
        assert f"Released in {released.words}, its weights take {size}." in told
    else:
        assert f"Its weights take {size} in {released.words}." in told
    said = f"{told} {facts.text()} {headline}"
    assert not (released.packed and re.search(r"(?i)weights[^.\n]* in bf16", said))


@pytest.mark.parametrize("identifier", drawings())
class TestEveryFigure:
    def test_figure_is_drawn(self, identifier: str) -> None:
        drawn = draw(model(identifier).architecture, model(identifier).heading).alone()
        picture = ElementTree.fromstring(drawn)
        assert picture.tag == "{http://www.w3.org/2000/svg}svg"
        assert model(identifier).name in "".join(picture.itertext())


@pytest.mark.parametrize("identifier", sampled())
def test_names_are_only_printed(identifier: str) -> None:
    names_are_only_printed(model(identifier))


def _entry(identifier: str) -> Entry:
    entry = model(identifier).entry
    assert entry is not None
    return entry
