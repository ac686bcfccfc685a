"""The frame of a layer alone: as the page has it, all kinds of layers beside one another."""

from __future__ import annotations

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.figure import draw
from llm_gallery.figure.kit.shapes import Box
from llm_gallery.plan.one_layer import layers_of
from tests.figure.gates import faults
from tests.sample import sampled


@pytest.mark.parametrize("name", sampled())
def test_gates(name: str) -> None:
    model = find(name)
    assert faults(draw(model.architecture, model.heading, detail="layer").picture) == ()


def test_layers_that_are_wired_otherwise_stand_beside() -> None:
    model = find("deepseek-v4-pro")
    picture = draw(model.architecture, model.heading, detail="layer").picture
    frames = [part for _, part in picture.inside]
    assert len(frames) == len(layers_of(model.architecture.root))
    lows = {at.y + part.height for at, part in picture.inside}
    assert len(lows) == 1
    assert all(isinstance(part.shapes[0], Box) for part in frames)
