"""A wrong name in a concept's file is told when concepts are loaded: the file, what stands there, the nearest name."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from llm_gallery.architecture.mistake import Mistake
from llm_gallery.catalog.concept import CONCEPTS, concepts

FILE = "gated-deltanet/concept.toml"


def changed(folder: Path, old: str, new: str) -> Path:
    """The catalog's concepts with other words in one file."""
    for file in CONCEPTS.glob("*/concept.toml"):
        (folder / file.parent.name).mkdir()
        shutil.copy(file, folder / file.parent.name)
    text = (folder / FILE).read_text("utf-8")
    assert text.count(old) == 1, old
    (folder / FILE).write_text(text.replace(old, new), "utf-8")
    return folder


def test_what_is_unchanged_loads(tmp_path: Path) -> None:
    assert concepts(changed(tmp_path, 'area = "', 'area = "')).keys() == concepts().keys()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            'area = "recurrent"',
            'area = "recurent"',
            "area is 'recurent', expected one of attention, positions, recurrent, experts, mlp, norms, residual, "
            "embeddings, around; the nearest is 'recurrent'",
        ),
        (
            'area = "recurrent"',
            'area = "recurrent"\ncolour = "liner"',
            "colour is 'liner', expected one of full, window, latent, linear, convolution, mlp, moe, norm, embedding, "
            "position; the nearest is 'linear'",
        ),
        (
            'drawn = "gated_deltanet"',
            'drawn = "gated-deltanet"',
            "drawn is 'gated-deltanet', expected a kind of architecture/kinds.py; the nearest is 'gated_deltanet'",
        ),
        (
            'next = ["kimi-delta-attention"',
            'next = ["kimi-delta"',
            "next is 'kimi-delta', expected a concept's id; the nearest is 'kimi-delta-attention'",
        ),
        (
            "formula = ",
            "formulas = ",
            "a key is 'formulas', expected a key of a concept; the nearest is 'formula'",
        ),
        (
            "[paper]\n",
            "[papers]\n",
            "a key is 'papers', expected a key of a concept; the nearest is 'paper'",
        ),
        (
            "[paper]\n",
            "[paper]\nlinks = []\n",
            "a key is 'paper.links', expected one of paper.title, paper.link, paper.year; the nearest is 'paper.link'",
        ),
    ],
)
def test_a_mistake_in_a_concept_is_told_with_its_file(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    with pytest.raises(Mistake) as caught:
        concepts(changed(tmp_path, old, new))
    assert str(caught.value) == f"{FILE}: {told}"
