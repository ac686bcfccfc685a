"""What a model's makers had before it: a design that they gave up leads, and nothing of theirs is told as new."""

from __future__ import annotations

import re
from datetime import date

import pytest

from llm_gallery.analysis.concepts import concepts
from llm_gallery.architecture.block import Block, layers, mixers
from llm_gallery.catalog.ancestors import ancestors, siblings
from llm_gallery.catalog.load import find
from llm_gallery.catalog.rarity import designs
from llm_gallery.concepts import concepts as described
from llm_gallery.concepts import said_before
from llm_gallery.explanation import Design, makers
from llm_gallery.novelty.leading import concepts_inside
from tests.explanation.test_special import special
from tests.sample import models

BACK = re.compile(
    r"(Full attention is back in [^:]*|Every layer caches keys and values of its own again): "
    r"(.+?), its makers' previous design, had ([^.]*(?:\.\d[^.]*)*)\."
)


def spares(tree: Block) -> bool:
    """Whether it keeps states, compresses, or limits what attention reads."""
    limits = {"window", "chunk", "selected", "sparse_from", "sparse_stride", "ratio"}
    blocks = [block for layer in layers(tree) for block in mixers(layer)]
    return any(block.recurs or not limits.isdisjoint(block.facts) for block in blocks)


@pytest.mark.parametrize("model", models())
def test_what_was_given_up_the_makers_had_and_the_model_lacks(model: str) -> None:
    found = BACK.search(special(model))
    root, near = find(model).architecture.root, ancestors().get(model)
    if found is None:
        own, parent = designs()[model], None if near is None else designs()[near.id]
        if parent is None or parent.makers != own.makers:
            return
        line = [d for d in designs().values() if (d.makers, d.series) == (own.makers, own.series)]
        if not any(parent.released < design.released < own.released for design in line):
            assert spares(root) or not spares(find(parent.id).architecture.root)
        return
    previous = next(design for design in designs().values() if design.name == found[2])
    assert previous.makers == designs()[model].makers
    assert previous.released < designs()[model].released
    tree = find(previous.id).architecture.root
    assert spares(tree) or "shared-kv-cache" in concepts(tree)
    assert not found[1].startswith("Full") or not spares(root)
    for name, many, of in re.findall(
        r"(?:and |^)?(.+?) in (\d+|all) (?:of )?(\d+) layers", found[3]
    ):
        concept = next(
            c
            for c, one in described().items()
            if name.removeprefix(" and ").lower()
            in (one.name.lower(), one.had.says.removeprefix("used ").lower() if one.had else "")
        )
        having = sum(concept in concepts_inside(layer) for layer in layers(tree))
        assert having == int(of if many == "all" else many)
        assert len(layers(tree)) == int(of)
        assert concept not in concepts(root)


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("minimax-m2", "MiniMax-M1, its makers' previous design, had lightning attention in 70 of 80 layers."),
        ("granite-4.1-30b", "Granite 4.0 H Small, its makers' previous design, had Mamba-2 in 36 of 40 layers."),
        ("hunyuan-a13b", "Hunyuan-Large 389B, its makers' previous design, had shared keys and values in 32 of 64"),
        ("mistral-nemo-12b", "Mistral 7B v0.1, its makers' previous design, had sliding-window attention in all 32"),
    ],
)  # fmt: skip
def test_a_design_given_up_leads(model: str, words: str) -> None:
    found = BACK.match(special(model))
    assert found is not None
    assert words in found[0]


@pytest.mark.parametrize(
    "model", ["kimi-k2-thinking", "qwen3-vl-235b-a22b", "gemma-3-270m", "glm-5.3", "minimax-m2.5"]
)
def test_a_design_of_another_line_is_not_given_up(model: str) -> None:
    """Kimi Linear stands between two releases of K2, Qwen3-Next between two of Qwen3."""
    assert BACK.search(special(model)) is None


@pytest.mark.parametrize("model", models())
def test_what_its_makers_had_before_is_said_to_be_theirs(model: str) -> None:
    """Gemma 3n borrowed keys and values before Gemma 4 did."""
    near, own = ancestors().get(model), designs()[model]
    if near is None:
        return
    parent, apart = designs()[near.id], {*siblings().get(model, ()), model}
    earlier = [
        d for d in designs().values()
        if d.makers == own.makers and d.released < own.released and d.id not in apart
    ]  # fmt: skip
    for sentence in re.findall(
        rf"{re.escape(parent.name)},? [a-z][^.]*(?:\.\d[^.]*)*\.", special(model)
    ):
        said = sentence.split(parent.name, 1)[1].lstrip(",").strip().rstrip(".").split(", unlike ")
        fresh = [
            c for c in own.concepts - parent.concepts if said_before(c, parent.concepts) == said[0]
        ]
        had = [any(c in design.concepts for design in earlier) for c in fresh]
        if had and all(had):
            assert len(said) == 2, sentence
        if had and not any(had):
            assert len(said) == 1, sentence


def test_a_version_between_counts_and_a_sibling_line_does_not() -> None:
    def design(name: str, day: int, *concepts: str, series: str = "granite") -> Design:
        return Design(name, name, "IBM", series, date(2025, 1, day), frozenset(concepts))

    root = find("granite-4.0-h-small").architecture.root
    old, hybrid = design("Granite 3.3 8B", 1), design("Granite 4.0 H", 2, "mamba-2", "hybrid")
    new, beside = design("Granite 4.1 30B", 4), design("Granite Line 9B", 3, "mamba-2")
    made = makers(new, old.id, [old, hybrid, beside, new], lambda model: root)
    assert (made.previous, made.gave_up) == (hybrid, ("Mamba-2 in 36 of 40 layers",))
    assert makers(new, old.id, [old, beside, new], lambda model: root).gave_up == ()
    assert makers(new, "", [old, beside, new], lambda model: root).previous == beside
