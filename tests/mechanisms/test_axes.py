"""What runs along the sides of a state stands at its mechanism, and is what its formula multiplies."""

from __future__ import annotations

import re

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.figure import draw
from llm_gallery.figure.kit.shapes import Text, flat
from llm_gallery.mechanisms import DRAWN
from llm_gallery.mechanisms.lane_drawing import LaneDrawing, State
from tests.figure.gates import words

STATES = {
    kind: drawn.drawing.core
    for kind, drawn in DRAWN.items()
    if isinstance(drawn.drawing, LaneDrawing) and isinstance(drawn.drawing.core, State)
}
WRITES = {
    " v k_^T": ("value", "key"),
    "_v k_^T": ("value", "key"),
    "_k_^T": ("value", "key"),
    "_x B_^T": ("channels", "state"),
}
"""The outer product at the end of an update, and what its two sides are."""


@pytest.mark.parametrize("kind", STATES)
def test_there_is_a_name_for_each_size(kind: str) -> None:
    assert len(STATES[kind].axes) == len(STATES[kind].sizes)


@pytest.mark.parametrize("kind", [kind for kind, state in STATES.items() if len(state.sizes) == 2])
def test_they_are_what_writes_it(kind: str) -> None:
    """Keys and values are named only where a value is written by a key."""
    state = STATES[kind]
    product = next((axes for end, axes in WRITES.items() if end in state.update), None)
    if product is None or state.name == "slots":
        assert state.axes != ("value", "key")
    else:
        assert state.axes == product


@pytest.mark.parametrize(
    ("model", "axes"),
    [
        ("mamba2-2.7b", ("channels", "state")),
        ("gla-1.3b", ("value", "key")),
        ("rwkv-7-2.9b", ("value", "key")),
        ("xlstm-7b", ("value", "key")),
    ],
)
def test_a_picture_has_them(model: str, axes: tuple[str, str]) -> None:
    known = find(model)
    picture = draw(known.architecture, known.heading).picture
    said = {words(shape) for shape in flat(picture) if isinstance(shape, Text)}
    assert {*axes} <= said
    assert not {"value", "key", "channels", "state"} - {*axes} & said


def test_the_numbers_are_those_of_the_formula() -> None:
    """Rows are what is written, columns where it goes: so the shape is said, too."""
    known = find("mamba-2.8b")
    picture = draw(known.architecture, known.heading).picture
    said = [words(shape) for shape in flat(picture) if isinstance(shape, Text)]
    assert "5,120 × 16 (channels × state)" in said
    assert not any(re.fullmatch("key|value", text) for text in said)
