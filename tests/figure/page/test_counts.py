"""One of something is singular, and modules that predict further tokens have the layers that they have."""

from __future__ import annotations

import re

import pytest

from llm_gallery.analysis.parameters import stored
from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import walk
from llm_gallery.catalog import figures
from llm_gallery.catalog.load import entries, find
from llm_gallery.figure import Detail
from llm_gallery.mechanisms.apart import predicting
from llm_gallery.plan.outer_blocks import modules

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


@pytest.mark.parametrize("detail", ["column", "standard", "full"])
@pytest.mark.parametrize(("model", "layers"), [("mimo-v2.5", 3), ("deepseek-v3", 1)])
def test_the_module_says_how_many_layers_it_has(model: str, layers: int, detail: Detail) -> None:
    assert modules(find(model).architecture.root) == layers
    said = [words.strip() for words in TEXT.split(figures.figure(model, detail=detail).svg)]
    after = said[said.index("MTP") :]
    assert next(words for words in after[1:] if words) in (f"{layers} layers", f"{layers} layer")
    assert any("MTP not counted" in words for words in said)


def test_the_full_figure_says_how_much_the_module_stores() -> None:
    """Its tensors are on no page: the total leaves them out, and the ledgers are those of layers."""
    root = find("deepseek-v3").architecture.root
    held = short(sum(map(stored, predicting(root))))
    said = [words.strip() for words in TEXT.split(figures.figure("deepseek-v3", detail="full").svg)]
    told = f"multi-token prediction, {held} parameters, not in the total"
    assert any(words.startswith(told) for words in said)
    at = said.index("MTP")
    assert [words for words in said[at:] if words][:4] == [
        "MTP",
        "1 layer",
        "ends are copies",
        held,
    ]
