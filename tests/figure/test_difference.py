"""The difference figure over the catalog: gates, signs, numbers, and defects that the gates must see."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import get_args
from xml.etree import ElementTree

import pytest
from _pytest.mark import ParameterSet

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import Model, entries, find
from llm_gallery.comparison import Subject, compare
from llm_gallery.figure import ThemeName
from llm_gallery.figure.difference import difference
from llm_gallery.figure.kit.gates import faults, over_edges
from llm_gallery.figure.kit.shapes import Box, Line, Picture, Point, Text
from tests.figure import generated
from tests.sample import first, sample

IDS = [entry.id for entry in entries()]
LARGEST = {2: 60 * 1024, 3: 80 * 1024, 4: 80 * 1024}
"""Bytes of a figure without its outlines, by the number of models."""
SVG = "{http://www.w3.org/2000/svg}"


def groups() -> list[ParameterSet]:
    """The sample; each model with the one released before it, and some at random: two, three and four."""
    chance = random.Random(5)
    pairs = [*zip(sample()[::2], sample()[1::2], strict=False), sample()[-2:]]
    some = [tuple(chance.sample(IDS, count)) for count in (2, 3, 4) for _ in range(25)]
    many = [*zip(IDS[1:], IDS, strict=False), *some, ("gpt2-xl", "gpt2-xl")]
    return first(dict.fromkeys([*pairs, *many]), [*pairs, *some[::25]])


def drawn(models: Sequence[Model]) -> Picture:
    return difference(compare(models), [model.heading for model in models]).picture


def of(*names: str) -> Picture:
    return drawn([find(name) for name in names])


def said(picture: Picture) -> list[str]:
    texts = [shape for shape in picture.shapes if isinstance(shape, Text)]
    return ["".join(span.text for span in text.spans) for text in texts]


def found(picture: Picture) -> tuple[str, ...]:
    return faults(picture) + over_edges(picture)


@pytest.mark.parametrize("names", groups(), ids="+".join)
def test_gates(names: tuple[str, ...]) -> None:
    models = [find(name) for name in names]
    assert found(drawn(models)) == ()
    text = difference(compare(models), [model.heading for model in models]).alone(outlined=False)
    assert len(text.encode()) < LARGEST[len(names)]
    ElementTree.fromstring(text)


@pytest.mark.parametrize("seed", first(range(40), range(3)))
def test_gates_of_made_up_models(seed: int) -> None:
    seeds = range(seed, seed + 2 + seed % 3)
    headings = [generated.heading(one) for one in seeds]
    subjects = [
        Subject(id=str(one), name=heading.name, architecture=generated.architecture(one))
        for one, heading in zip(seeds, headings, strict=True)
    ]
    assert found(difference(compare(subjects), headings).picture) == ()


@pytest.mark.parametrize("theme", get_args(ThemeName))
def test_the_same_bytes_and_plain_words(theme: ThemeName) -> None:
    models = [find("deepseek-v3"), find("kimi-k2")]
    headings = [model.heading for model in models]
    text = difference(compare(models), headings).alone(theme)
    assert text == difference(compare(models), headings).alone(theme)
    root = ElementTree.fromstring(text)
    assert root.findtext(f"{SVG}title") == "Difference of DeepSeek V3 and Kimi K2"
    assert "half the heads (128 → 64)" in (root.findtext(f"{SVG}desc") or "")


def test_signs_and_numbers() -> None:
    words = said(of("deepseek-v3", "kimi-k2"))
    assert [word for word in words if word in ("kept", "changed", "added", "removed")][:3] == [
        "changed"
    ] * 3
    assert {"256 kept", "128 added", "64 kept", "64 removed"} <= set(words)
    assert any(word.startswith("experts per token 8, expert width 2,048") for word in words)
    words = said(of("gpt2-xl", "mamba-2.8b"))
    assert {"added", "removed"} <= set(words)


def test_what_is_kept_is_quiet() -> None:
    """A part without a change has no inset, and its block is pale."""
    boxes = [b for b in of("olmo-2-7b", "olmo-3-7b").shapes if isinstance(b, Box)]
    assert "mlp.tint" in {b.fill for b in boxes if b.labelled}
    assert not [b for b in boxes if b.fill == "mlp.tint" and b.open]
    assert [b for b in boxes if b.fill == "full.tint" and b.open]


def test_a_moved_norm_is_a_change() -> None:
    """OLMo 2 has the MLP of OLMo, normed after instead of before."""
    assert "kept" not in said(of("olmo-7b", "olmo-2-7b"))[:-6]


def test_a_change_that_two_decimals_hide_is_told() -> None:
    words = said(of("olmo-2-7b", "olmo-3-7b"))
    assert "parameters, − 606.21K" in words
    assert "= − 606.21K" in words


def test_of_a_model_with_itself() -> None:
    words = said(of("gpt2-xl", "gpt2-xl"))
    assert "No difference: the same architecture, number for number." in words
    assert not {"changed", "added", "removed"} & set(words[:-6])


def test_five_are_too_many() -> None:
    models = [find(name) for name in IDS[:5]]
    with pytest.raises(Refusal, match="found 5 models for a difference figure, expected 2 to 4"):
        difference(compare(models), [model.heading for model in models])


RIGHT = of("deepseek-v3", "kimi-k2")


def number(text: str) -> int:
    return next(
        i for i, s in enumerate(RIGHT.shapes) if isinstance(s, Text) and s.spans[0].text == text
    )


def moved(text: str, **to: float) -> Picture:
    """The figure with one of its texts elsewhere."""
    shapes = list(RIGHT.shapes)
    at = number(text)
    held = shapes[at]
    assert isinstance(held, Text)
    shapes[at] = replace(held, x=held.x + to.get("dx", 0), y=held.y + to.get("dy", 0))
    return replace(RIGHT, shapes=tuple(shapes))


def through(*points: tuple[float, float]) -> Picture:
    """The figure with one more line."""
    line = Line(points=tuple(Point(x, y) for x, y in points))
    return replace(RIGHT, shapes=(*RIGHT.shapes, line))


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (moved("routed experts", dy=17.5), "overlaps"),
        (moved("routed experts", dx=130), "runs over the edge of a box"),
        (moved("Mixture of experts", dx=40), "wider or higher than its box"),
        (moved("Kimi K2", dx=2000), "outside the canvas"),
        (moved("changed", dx=30), "wider or higher than its box"),
        (through((300, 480), (900, 480)), "runs through"),
        (through((60, 100), (60, 700)), "runs through the box"),
        (replace(RIGHT, width=1100), "outside the canvas"),
    ],
)
def test_a_defect_is_caught(broken: Picture, words: str) -> None:
    assert found(RIGHT) == ()
    assert any(words in fault for fault in found(broken)), found(broken)
