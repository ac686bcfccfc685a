"""A stack that runs several times: the way back, from the norm where it ends each pass, and how often."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from llm_gallery.architecture.block import Block
from llm_gallery.catalog.load import Model, find
from llm_gallery.figure import Detail, draw
from llm_gallery.figure.kit.shapes import Box, Line, Shape, Text, flat
from llm_gallery.plan.outer_blocks import after_stack
from llm_gallery.plan.planning import plan
from tests.described_catalog import members
from tests.figure.gates import words

LOOPED = ["nanbeige-4.2-3b", "ouro-2.6b-thinking"]


def drawn(
    model: Model, root: Block | None = None, detail: Detail = "standard"
) -> tuple[Shape, ...]:
    held = model.architecture if root is None else replace(model.architecture, root=root)
    return flat(draw(held, model.heading, detail=detail).picture)


def back(shapes: tuple[Shape, ...]) -> Line:
    """The line that leaves the stream after the layers, runs beside them and comes back to it before them."""
    lines = (line for line in shapes if isinstance(line, Line) and line.kind == "flow")
    (found,) = (line for line in lines if len(line.points) == 4 and _returns(line))
    return found


def _returns(line: Line) -> bool:
    """Whether it turns round: to the left under the layers."""
    first, out, along, last = line.points
    return out.y == along.y > max(first.y, last.y) and along.x < out.x - 300


def follows(line: Line, norm: Box) -> bool:
    """Whether it begins behind the norm."""
    return line.points[0].x > norm.x + norm.width


def norm(shapes: tuple[Shape, ...], model: Model) -> Box:
    """The final norm, on the stream behind the layers."""
    ((path, _),) = after_stack(model.architecture.root)
    boxes = (shape for shape in shapes if isinstance(shape, Box))
    return next(box for box in boxes if box.about is not None and box.about.path == path)


def test_models_that_run_their_layers_again() -> None:
    looped = [one.id for one in members() if plan(one.architecture.root).stream.passes > 1]
    assert looped == LOOPED


@pytest.mark.parametrize("name", LOOPED)
def test_the_final_norm_ends_each_pass(name: str) -> None:
    model = find(name)
    shapes = drawn(model)
    assert follows(back(shapes), norm(shapes, model))


def test_a_norm_after_the_last_pass_stays_out_of_the_loop() -> None:
    model = find("ouro-2.6b-thinking")

    def without(block: Block) -> Block:
        facts = {key: fact for key, fact in block.facts.items() if key != "pass_norm"}
        return replace(block, facts=facts, inside=tuple(map(without, block.inside)))

    shapes = drawn(model, without(model.architecture.root))
    assert not follows(back(shapes), norm(shapes, model))


@pytest.mark.parametrize("detail", ["phone", "column", "standard", "full"])
@pytest.mark.parametrize("name", LOOPED)
def test_the_number_of_passes_is_said(name: str, detail: Detail) -> None:
    model = find(name)
    passes = plan(model.architecture.root).stream.passes
    texts = [words(shape) for shape in drawn(model, detail=detail) if isinstance(shape, Text)]
    often = "(?:twice|2 times|2 passes)" if passes == 2 else f"{passes} (?:times|passes)"
    assert any(re.search(rf"\b{often}\b", text) for text in texts)
