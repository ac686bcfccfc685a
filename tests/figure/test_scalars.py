"""Every scalar that a run multiplies with is drawn: none of a catalog's is unknown, and none is left out."""

from __future__ import annotations

import pytest

from llm_gallery.architecture.block import distinct
from llm_gallery.catalog.load import Model, find
from llm_gallery.figure import draw
from llm_gallery.figure.kit.gates import words
from llm_gallery.figure.kit.shapes import Picture, Text, flat
from llm_gallery.mechanisms.scalars import NO_SCALARS, OF_THE_MODEL, TABLE, Scalar, unsaid
from tests.sample import models


@pytest.fixture(scope="module", params=models())
def model(request: pytest.FixtureRequest) -> Model:
    return find(request.param)


def texts(picture: Picture) -> list[str]:
    return [words(shape) for shape in flat(picture) if isinstance(shape, Text)]


def within(scalars: tuple[Scalar, ...]) -> tuple[Scalar, ...]:
    """Those of the layers: what stands around them is the band's."""
    return tuple(scalar for scalar in scalars if scalar.facts[0] not in OF_THE_MODEL)


def test_every_number_with_a_fraction_is_known(model: Model) -> None:
    """A fact or setting that is no whole number is a scalar, or is known as none."""
    known = {*TABLE, *NO_SCALARS, "temperature_share"}
    for block in distinct(model.architecture.root):
        stated = {name: fact.value for name, fact in block.facts.items()} | dict(block.settings)
        floats = {name for name, value in stated.items() if isinstance(value, float)}
        assert floats <= known, block.kind


BY_LAYER = {"ling-3.0-flash": {"at most 5", "at most 4", "at most 7"}}
"""Bounds of some layers' experts that are settings, by which a plan tells no blocks apart: not drawn yet."""


def test_every_scalar_of_the_layers_is_drawn_in_full(model: Model) -> None:
    full = draw(model.architecture, model.heading, detail="full").picture
    missing = within(unsaid(model.architecture.root, texts(full)))
    assert {scalar.written for scalar in missing} == BY_LAYER.get(model.id, set())


def test_a_scalar_that_is_left_out_is_caught() -> None:
    model = find("granite-4.1-30b")
    full = draw(model.architecture, model.heading, detail="full").picture
    without = [text for text in texts(full) if "0.175" not in text]
    (missing,) = within(unsaid(model.architecture.root, without))
    assert missing.written == "× 0.175"


def test_scores_say_where_their_factor_comes_from() -> None:
    model = find("deepseek-v3")
    said = texts(draw(model.architecture, model.heading, detail="full").picture)
    assert {"÷ √192", "× 1.874", "YaRN: (0.1 ln 40 + 1)²"} <= set(said)
