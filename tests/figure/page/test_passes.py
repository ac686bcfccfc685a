"""A stack that runs several times: the way back, from the norm where it ends each pass, and how often."""

from __future__ import annotations

from dataclasses import replace

import pytest

from llm_gallery.architecture.block import Block
from llm_gallery.catalog.load import Model, find
from llm_gallery.figure import draw
from llm_gallery.figure.kit.shapes import Box, Line, Shape, Text, flat
from llm_gallery.figure.plan.planning import plan
from tests.described import members

LOOPED = [one.id for one in members() if plan(one.architecture.root).stream.passes > 1]


def drawn(model: Model, root: Block | None = None) -> tuple[Shape, ...]:
    held = model.architecture if root is None else replace(model.architecture, root=root)
    return flat(draw(held, model.heading).picture)


def back(shapes: tuple[Shape, ...]) -> Line:
    """The line that leaves the stream to the left and comes back to it below."""
    (found,) = (
        line
        for line in shapes
        if isinstance(line, Line)
        and line.kind == "flow"
        and len(line.points) == 4
        and line.points[1].x == line.points[2].x < line.points[0].x == line.points[3].x + 1.5
    )
    return found


def norm(shapes: tuple[Shape, ...], back: Line) -> Box:
    """The final norm, on the stream above the layers."""
    x = back.points[0].x
    return min(
        (b for b in shapes if isinstance(b, Box) and b.x + b.width / 2 == x and b.height == 24),
        key=lambda box: box.y,
    )


def test_models_that_run_their_layers_again() -> None:
    assert LOOPED == ["nanbeige-4.2-3b", "ouro-2.6b-thinking"]


@pytest.mark.parametrize("name", LOOPED)
def test_the_final_norm_ends_each_pass(name: str) -> None:
    shapes = drawn(find(name))
    way = back(shapes)
    final = norm(shapes, way)
    assert way.points[0].y < final.y
    assert way.points[1].x < final.x


def test_a_norm_after_the_last_pass_stays_out_of_the_loop() -> None:
    model = find("ouro-2.6b-thinking")
    root = model.architecture.root

    def without(block: Block) -> Block:
        facts = {key: fact for key, fact in block.facts.items() if key != "pass_norm"}
        return replace(block, facts=facts, inside=tuple(map(without, block.inside)))

    shapes = drawn(model, without(root))
    way = back(shapes)
    final = norm(shapes, way)
    assert way.points[0].y > final.y + final.height


@pytest.mark.parametrize("name", LOOPED)
def test_the_number_of_passes_is_legible(name: str) -> None:
    """In the type of labels, its number in ink, and by the way back: that nothing crowds it, a gate says."""
    model = find(name)
    shapes = drawn(model)
    (said,) = (s for s in shapes if isinstance(s, Text) and s.spans[-1].text == " passes")
    assert said.spans[0].text == str(plan(model.architecture.root).stream.passes)
    assert (said.size, said.spans[0].role, said.spans[0].weight) == (12, "ink", 600)
    assert 0 < said.y - back(shapes).points[2].y < 20
