"""A token's way through a model: how many panels, what they say, and that each is drawn as figures are."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from llm_gallery import figure
from llm_gallery.analysis.layers import schedule
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.units import binary
from llm_gallery.architecture.block import distinct
from llm_gallery.catalog.figures import sheet
from llm_gallery.catalog.load import Model, find
from llm_gallery.cli import main
from llm_gallery.figure.kit.shapes import Text, flat
from llm_gallery.figure.steps import Steps, steps
from tests.figure.gates import faults
from tests.sample import drawings

LEAST = 10.0
"""Px of the smallest type in a panel."""


@pytest.fixture(scope="module", params=drawings())
def model(request: pytest.FixtureRequest) -> Model:
    return find(request.param)


@pytest.fixture(scope="module")
def walk(model: Model) -> Steps:
    return steps(model.architecture, model.heading)


def test_panels(walk: Steps) -> None:
    """Four to seven, drawn without a fault, in one strip whose stream runs at one height."""
    drawings = walk.drawings
    assert 4 <= len(drawings) <= 7
    for drawing in (*drawings, walk.strip):
        assert faults(drawing.picture) == ()
        texts = [shape for shape in flat(drawing.picture) if isinstance(shape, Text)]
        assert min(span.size or text.size for text in texts for span in text.spans) >= LEAST
        assert not any("…" in span.text for text in texts for span in text.spans)
    assert len({drawing.picture.height for drawing in drawings}) == 1


def test_numbers(model: Model, walk: Steps) -> None:
    """Rows of the table, layers, and what is kept, as the facts have them."""
    said = [step.words.replace("*", "") for step in walk.panels]
    root, kept = model.architecture.root, cache(model.architecture.root)
    table = next(block for block in distinct(root) if block.kind == "embedding")
    assert f"{table.number('vocabulary'):,}" in said[0]
    assert f"{root.number('vocabulary'):,}" in said[-1]
    assert f"{len(schedule(root)):,} layer" in walk.panels[1].title
    if kept.bytes_per_token:
        assert binary(kept.bytes_per_token) in said[-1]
    if kept.state_bytes:
        assert f"The state stays at {binary(kept.state_bytes)}" in said[-1]


def test_titles() -> None:
    """What leads a figure is a step, and experts are one where they are chosen."""
    titles = [step.title for step in _walk("qwen3-next-80b-a3b").panels]
    assert titles == [
        "A row of numbers",
        "Up through 48 layers",
        "Two branches in each",
        "Gated DeltaNet",
        "Mixture of experts",
        "What stays, what follows",
    ]
    assert _walk("ouro-2.6b-thinking").panels[1].title == "4 times through 48 layers"


def _walk(name: str) -> Steps:
    found = find(name)
    return steps(found.architecture, found.heading)


def test_figures() -> None:
    """Each panel is a figure of its own, in the figure's theme."""
    walk = figure("llama-3-8b", theme="dark").steps()
    assert len(walk.panels) == 5
    for shown in (*walk.panels, walk.strip):
        assert shown.theme == "dark"
        ElementTree.fromstring(shown.svg)


def test_a_sheet_has_no_steps() -> None:
    with pytest.raises(ValueError, match="this figure shows no single model"):
        sheet("legend").steps()


def test_command(tmp_path: Path) -> None:
    assert main(["draw", "llama-3-8b", "--steps", "-o", str(tmp_path / "walk.svg")]) == 0
    names = sorted(file.name for file in tmp_path.iterdir())
    assert names == [
        "walk-1.svg",
        "walk-2.svg",
        "walk-3.svg",
        "walk-4.svg",
        "walk-5.svg",
        "walk.svg",
    ]
