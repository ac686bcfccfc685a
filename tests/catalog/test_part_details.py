"""What a part of a figure says: every part of every figure, with numbers that are the library's."""

from __future__ import annotations

import re

import pytest

from llm_gallery.analysis.parameters import parameters
from llm_gallery.catalog.load import find
from llm_gallery.catalog.part_details import parts
from llm_gallery.figure import draw
from tests.sample import models


@pytest.mark.parametrize("model", models())
def test_every_block_of_the_figures_has_its_part(model: str) -> None:
    found = find(model)
    told = parts(found.architecture.root)
    for detail in ("standard", "full"):
        text = draw(found.architecture, found.heading, detail=detail).alone(outlined=False)
        paths = set(re.findall(r'data-path="([^"]+)"', text))
        for path in paths:
            part = told["parts"][path]
            assert part["text"] or part["concepts"], path


def test_copies_are_those_of_all_layers() -> None:
    """One matrix of V3's first layer stands in all 61, an expert's in 58 layers 256 times."""
    root = find("deepseek-v3").architecture.root
    told = parts(root)["parts"]
    assert told["model.layers.0.self_attn.o_proj"]["copies"] == "61"
    expert = told["model.layers.3.mlp.experts"]
    assert (expert["one"], expert["copies"]) == ("44,040,192", "14,848")
    whole = int(expert["all"].replace(",", ""))
    assert whole == 14_848 * 44_040_192
    assert expert["share"] == f"{100 * whole / parameters(root).total:.2f}%"
    assert told["model.layers.61"]["share"] == ""  # beside the total
    assert ["gate_proj.weight", "2,048 × 7,168", ""] in expert["shapes"]


def test_a_tied_head_stores_nothing_of_its_own() -> None:
    told = parts(find("gemma-3-27b").architecture.root)["parts"]
    head = told["language_model.lm_head"]
    assert head["all"] == "0"
    assert "shared with" in head["shapes"][0][1]
