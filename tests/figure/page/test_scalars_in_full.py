"""What multiplies and bounds stands where it happens: on embedding and head, on a branch, in the scores."""

from __future__ import annotations

import re
from math import isclose, isqrt

import pytest

from llm_gallery.architecture.block import Architecture, Block, walk
from llm_gallery.catalog.load import Model, find
from llm_gallery.figure import Heading, draw
from llm_gallery.figure.kit.gates import words
from llm_gallery.figure.kit.shapes import Text, flat
from tests.sample import models

SCALARS = (
    "embedding_scale",
    "gain",
    "gate_scale",
    "gate_softcap",
    "input_scale",
    "limit",
    "logit_scale",
    "logit_softcap",
    "output_scale",
    "query_scale",
    "residual_scale",
    "rotated_scale",
    "scale",
    "score_scale",
    "softcap",
    "stream_scale",
    "up_softcap",
    "value_scale",
)
"""Facts whose number the run multiplies with or bounds by."""
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def said(architecture: Architecture, heading: Heading) -> str:
    """All words of the full figure, those of a tooltip aside."""
    shapes = flat(draw(architecture, heading, detail="full").picture)
    return "\n".join(words(shape) for shape in shapes if isinstance(shape, Text))


def unsaid(root: Block, texts: str) -> set[tuple[str, float]]:
    """Scalars of the tree that no text names, neither as a number nor as the root of the width."""
    numbers = {float(found.replace(",", "")) for found in NUMBER.findall(texts)}
    roots = {float(found.replace(",", "")) for found in re.findall(r"√([\d,]+)", texts)}
    missing = set()
    for _, block in walk(root):
        if block.stands_apart:
            continue
        for name in SCALARS:
            value = block.value(name)
            if not isinstance(value, int | float) or isinstance(value, bool) or value == 1:
                continue
            shown = any(isclose(value, number, rel_tol=6e-4) for number in numbers)
            rooted = any(isclose(value * value, number, rel_tol=1e-2) for number in roots)
            if not shown and not rooted:
                missing.add((name, value))
    return missing


@pytest.fixture(scope="module", params=models())
def model(request: pytest.FixtureRequest) -> Model:
    return find(request.param)


def test_every_scalar_is_drawn_in_full(model: Model) -> None:
    assert unsaid(model.architecture.root, said(model.architecture, model.heading)) == set()


@pytest.mark.parametrize("name", ["granite-4.1-30b", "gemma-2-27b", "falcon-h1-7b"])
def test_a_scalar_that_is_left_out_is_caught(name: str) -> None:
    model = find(name)
    root = model.architecture.root
    texts = said(model.architecture, model.heading)
    stated = {
        float(value)
        for _, block in walk(root)
        for scalar in SCALARS
        if isinstance(value := block.value(scalar), int | float) and value != 1
    }
    assert stated
    for value in stated:
        root_of = f"√{isqrt(round(value * value)) if value > 20 else 0}"
        others = "\n".join(
            line
            for line in texts.splitlines()
            if f"{value:.4g}" not in line and "√" not in line and root_of not in line
        )
        assert value in {missed for _, missed in unsaid(root, others)}


SAID = [
    ("gemma-3-27b", ("√5,376",)),
    ("gemma-2-27b", ("√4,608", "30")),
    ("granite-4.1-30b", ("× 12", "× 0.0625", "× 0.175")),
    ("grok-2.5-270b", ("√8,192", "× 0.5", "50")),
    ("muse-glimmer-30b", ("× 0.1961", "20")),
    ("minimax-text-01", ("× 3.557",)),
    ("gemma-4-31b", ("layer scale",)),
    ("phi-3.5-moe", ("with bias",)),
    ("gpt-oss-20b", ("with bias",)),
    ("baichuan2-7b", ("rows normed",)),
    ("mistral-large-3-675b", ("0.1 ln",)),
    ("inkling", ("learned", "× 0.04167")),
]
"""What stands in the standard figure, too."""


@pytest.mark.parametrize(("name", "told"), SAID)
def test_it_is_said_where_it_happens(name: str, told: tuple[str, ...]) -> None:
    model = find(name)
    shapes = flat(draw(model.architecture, model.heading).picture)
    texts = "\n".join(words(shape) for shape in shapes if isinstance(shape, Text))
    assert [one for one in told if one not in texts] == []


def test_where_scores_differ_by_layer_the_formula_names_no_factor() -> None:
    model = find("motif-3-beta")
    assert "softmax( 2.005" not in said(model.architecture, model.heading)
