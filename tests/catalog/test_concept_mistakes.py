"""A wrong name in a concept's file is told when it is read: the file, what stands there, the nearest name."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from llm_gallery.architecture.mistake import Mistake
from llm_gallery.concepts import CONCEPTS, concepts

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
            'area is "recurent", expected one of attention, positions, recurrent, experts, mlp, norms, residual, '
            "embeddings, around, the nearest is recurrent",
        ),
        (
            'area = "recurrent"',
            'area = "recurrent"\ncolour = "liner"',
            'colour is "liner", expected one of full, window, latent, linear, convolution, mlp, moe, norm, embedding, '
            "position, the nearest is linear",
        ),
        (
            'drawn = "gated_deltanet"',
            'drawn = "gated-deltanet"',
            'drawn is "gated-deltanet", expected a kind of block, the nearest is gated_deltanet',
        ),
        (
            'next = ["kimi-delta-attention"',
            'next = ["kimi-delta"',
            'next.0 is "kimi-delta", expected the id of a concept, the nearest is kimi-delta-attention',
        ),
        (
            "formula = ",
            "formulas = ",
            "formulas is no key of a concept, expected name, area, text, paper, short, forms, aliases, more, formula, after, "
            "next, beside, first_open, drawn, colour, new, had, saves, recipe, steps, without, the nearest is formula",
        ),
        (
            "[paper]\n",
            "[paper]\nlinks = []\n",
            "paper.links is no key of [paper], expected title, link, year, the nearest is link",
        ),
        (
            'rank = "past"',
            'rank = "pats"',
            'new.rank is "pats", expected one of past, sharing, stream, lookup, routing, reading, channels, the nearest '
            "is past",
        ),
        (
            'group = "state"',
            'groups = "state"',
            "had.groups is no key of [had], expected group, says, the nearest is group; had.group is missing, "
            "fill it in",
        ),
        (
            "[paper]\n",
            '[new.before]\nwhere = ["ropes"]\n\n[paper]\n',
            "new.before is an object with 1 key, expected a list for before",
        ),
        (
            "[paper]\n",
            '[[new.before]]\nwhere = ["ropes"]\nsays = "rotated"\n\n[paper]\n',
            'new.before.0.where.0 is "ropes", expected the id of a concept, or a group, the nearest is rope',
        ),
        (
            "[paper]\n",
            '[saves]\nof = "cash per token"\nundone = "If"\n\n[paper]\n',
            'saves.of is "cash per token", expected one of cache per token, cache of a long text, parameters, active '
            "parameters, compute, the nearest is cache per token",
        ),
        (
            "[paper]\n",
            '[without]\nlike = "mambo"\n\n[paper]\n',
            'without.like is "mambo", expected the id of a concept, the nearest is mamba',
        ),
        (
            "[paper]\n",
            '[[recipe]]\npart = "Norm"\n\n[paper]\n',
            'recipe.0.part is "Norm", expected one of Layers, Heads, Query and key, Behind the attention, Positions, '
            "Rotated, Norm of a branch, MLP, Activation, Router, Balance, Expert for all, First layers, Residual, Head, "
            "Modules that foresee more tokens, the nearest is Norm of a branch",
        ),
    ],
)
def test_a_mistake_in_a_concept_is_told_with_its_file(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    with pytest.raises(Mistake) as caught:
        dict(concepts(changed(tmp_path, old, new)))
    assert str(caught.value) == f"{FILE}: {told}; correct the concept"
