"""What the field calls a mechanism stands beside its plain words, in every figure, in facts and in prose: from its home."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from llm_gallery import explain, facts, mechanisms
from llm_gallery.catalog.load import Model, find
from llm_gallery.figure import Detail, draw
from llm_gallery.figure.kit.shapes import Picture, Text
from llm_gallery.plan.planning import plan
from tests.figure.gates import words
from tests.sample import drawings, models

WHOLE: tuple[Detail, ...] = ("standard", "full", "column", "phone")
"""Figures that have room for every name; a tower's second lines go first where it is crowded."""


def texts(picture: Picture) -> Iterator[str]:
    for shape in picture.shapes:
        if isinstance(shape, Text):
            yield words(shape)
    for _, part in picture.inside:
        yield from texts(part)


def of_field(model: Model) -> set[str]:
    """Every name that the field has for what mixes in a model's layers, and for its streams."""
    root = model.architecture.root
    said = (
        mechanisms.field_name(block) for block in plan(root).named if block.mixes or block.connects
    )
    return {word for name in said for word in name.split() if word != "on"}


def lacking(model: Model, said: str) -> set[str]:
    return {
        name for name in of_field(model) if not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said)
    }


@pytest.mark.parametrize("model", drawings())
def test_every_name_of_the_field_stands_in_every_figure(model: str) -> None:
    found = find(model)
    for detail in WHOLE:
        said = " | ".join(texts(draw(found.architecture, found.heading, detail=detail).picture))
        assert not lacking(found, said), detail


@pytest.mark.parametrize("model", models())
def test_every_name_of_the_field_stands_in_facts_and_prose(model: str) -> None:
    found = find(model)
    assert not lacking(found, facts(found).text())
    assert not lacking(found, explain(found).text())
