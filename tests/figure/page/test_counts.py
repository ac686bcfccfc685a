"""One of something is singular, and modules that predict further tokens have the layers that they have."""

from __future__ import annotations

import re

import pytest

from llm_gallery.architecture.block import walk
from llm_gallery.catalog import figures
from llm_gallery.catalog.load import entries, find
from llm_gallery.figure.plan.outer_blocks import modules

ONE = re.compile(
    r"^1 (?:[\w-]+ )?(?:layers|modules)\b|of state in 1 (?:[\w-]+ )?layers|\b0 layers\b"
)
TEXT = re.compile(r"<[^>]*>")


def test_every_next_token_module_has_a_layer() -> None:
    for entry in entries():
        root = find(entry.id).architecture.root
        held = [part for part in root.inside if part.kind == "multi_token_prediction"]
        without = [m.name for m in held if not any(part.kind == "layer" for _, part in walk(m))]
        assert without == [], entry.id
        assert bool(modules(root)) == bool(held)


@pytest.mark.parametrize("model", ["mimo-v2.5", "longcat-flash-lite-68.5b-a3b", "deepseek-v3"])
def test_one_is_singular(model: str) -> None:
    svg = figures.figure(model, detail="full").svg
    said = [words.strip() for words in TEXT.split(svg)]
    assert [words for words in said if ONE.search(words)] == []


@pytest.mark.parametrize(
    ("model", "layers", "said"),
    [("mimo-v2.5", 3, "3 modules of 329.27M each"), ("deepseek-v3", 1, "13.46B")],
)
def test_the_module_says_how_many_there_are(model: str, layers: int, said: str) -> None:
    assert modules(find(model).architecture.root) == layers
    words = "".join(TEXT.split(figures.figure(model, detail="full").svg))
    assert f"{said}, not in the total" in words
    assert "one layer" in words


def test_an_overview_says_that_the_vocabulary_is_one() -> None:
    svg = figures.figure("mimo-v2.5", detail="overview").svg
    assert "4,096 wide, vocabulary 152,576" in svg
