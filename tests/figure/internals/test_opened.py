"""An MLP that stands open in a frame: as small as it must be, its lines ending at its edges."""

from __future__ import annotations

import pytest

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import gated_mlp, plain_mlp
from llm_gallery.figure.internals import opened_mlp
from llm_gallery.figure.kit.shapes import Line, Picture, Text, flat
from tests.figure.gates import faults, words

GATED = gated_mlp("mlp", width=4096, inner=14336, activation="silu")
PLAIN = plain_mlp("mlp", width=1600, inner=6400, activation="gelu", bias=True)


def ends(drawn: Picture) -> tuple[set[float], set[float]]:
    """Where lines enter at the lower edge and leave at the upper one, across."""
    lines = [shape for shape in flat(drawn) if isinstance(shape, Line) and shape.kind == "flow"]
    points = [point for line in lines for point in (line.points[0], line.points[-1])]
    low = {round(p.x, 3) for p in points if abs(p.y - drawn.height) < 0.01}
    return low, {round(p.x, 3) for p in points if abs(p.y) < 0.01}


@pytest.mark.parametrize("block", [GATED, PLAIN], ids=["gated", "plain"])
@pytest.mark.parametrize("wide", [240.0, 290.0, 340.0])
def test_it_fits_a_frame(block: Block, wide: float) -> None:
    drawn = opened_mlp("model.layers.0.mlp", block, wide)
    assert faults(drawn) == ()
    assert (drawn.width, drawn.height <= 210) == (wide, True)
    assert ends(drawn) == ({wide / 2}, {wide / 2})


def test_it_says_what_it_stores() -> None:
    said = {words(s) for s in flat(opened_mlp("mlp", GATED, 290.0)) if isinstance(s, Text)}
    assert {"Gated MLP", "176.16M", "down14,336 → 4,096"} <= said


def test_only_an_mlp_is_opened() -> None:
    with pytest.raises(ValueError, match="attention of 290 px, expected an MLP"):
        opened_mlp("attn", Block("attention"), 290.0)
