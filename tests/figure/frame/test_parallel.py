"""Parts that read one input stand side by side, and are added before the stream."""

from __future__ import annotations

from dataclasses import replace

import pytest

from llm_gallery.architecture.block import Architecture, Block
from llm_gallery.architecture.parts import (
    NO_POSITION,
    Heads,
    added,
    attention,
    group,
    layer,
    layer_norm,
    linear,
    plain_mlp,
    residual,
    stack,
)
from llm_gallery.figure import Heading, draw
from llm_gallery.figure.kit.shapes import Box, flat
from llm_gallery.figure.page.description import description
from llm_gallery.plan.plan import Fork
from llm_gallery.plan.planning import plan
from tests.figure.gates import faults

ATTENTION = attention(
    "a",
    heads=Heads(4, 4, 64),
    positions=NO_POSITION,
    inside=[linear(role, 256, 256, role=role) for role in ("query", "key", "value", "output")],
)
MLP = plain_mlp("m", width=256, inner=1024, activation="gelu")
NORM = layer_norm("n", 256)
OTHER = replace(MLP, name="m2")
LAYERS = {
    "shared norm": layer(residual(NORM, added(ATTENTION, MLP))),
    "a norm each": layer(residual(added(group("", NORM, ATTENTION), group("", NORM, MLP)))),
    "a norm after": layer(residual(added(ATTENTION, MLP), NORM)),
    "a sum of sums": layer(residual(NORM, added(ATTENTION, added(MLP, OTHER)))),
}


def model(one: Block) -> Architecture:
    return Architecture("made_up", Block("model", "", {}, (), (stack("layers", [one] * 6),)))


@pytest.mark.parametrize("name", LAYERS)
def test_columns(name: str) -> None:
    made = model(LAYERS[name])
    branch = plan(made.root).frames[0].branches[0]
    fork = next(step for step in branch.steps if isinstance(step, Fork))
    assert len(fork.columns) == (3 if "sums" in name else 2)
    drawn = draw(made, Heading(name=name)).picture
    assert faults(drawn) == ()
    rings = [s for s in flat(drawn) if isinstance(s, Box) and s.form == "circle" and s.width == 15]
    assert len(rings) >= len(fork.columns) - 1


def test_words() -> None:
    made = model(LAYERS["shared norm"])
    said = description(made, plan(made.root))
    assert "LayerNorm, then Attention beside MLP, added to the stream" in said


def test_a_norm_on_the_stream_is_not_added_to_it() -> None:
    made = model(layer(residual(ATTENTION), NORM))
    assert [b.added for b in plan(made.root).frames[0].branches] == [True, False]
    assert "LayerNorm on the stream" in description(made, plan(made.root))
    assert faults(draw(made, Heading(name="post")).picture) == ()
