"""No figure speaks in shorthand that only insiders know: at any level, of any model, and in its description."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

import pytest

from llm_gallery.catalog.glossary import texts
from llm_gallery.catalog.load import find
from llm_gallery.figure import Detail, draw, legend
from llm_gallery.figure.draw import Page
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.shapes import Picture, Text
from llm_gallery.figure.sheets.glossary import rows
from tests.figure.gates import words
from tests.sample import sampled

DETAILS: tuple[Detail, ...] = get_args(Page)
SHORTHAND = re.compile(
    "|".join(
        (
            r"\b(?:MSA|NSA)\b",  # the names of the field that stand beside plain words: `test_names.py`
            r"\btaps?\b",  # the last 4 tokens
            r"\bhash(?:ed|-routed)\b",  # by token id
            r"^Scored\b",  # by score
            r"\bre-indexed\b",
            r"\'s plan\b",
            r"\bkey = value\b",
            r"^\+ ×$",
            r"^[zσ]$",
            r"^[\u24b6-\u24cf]$",  # a letter in a ring
            r"\bmlp\b",
        )
    )
)
"""Words that a figure spells out: what they stand for is in the legend's glossary or in plain English."""


def said(drawing: Drawing) -> Iterator[str]:
    """All texts of a figure, what its shapes answer for themselves, and its description sentence by sentence."""
    yield from _texts(drawing.picture)
    yield from drawing.description.split(". ")


def _texts(picture: Picture) -> Iterator[str]:
    for shape in picture.shapes:
        if isinstance(shape, Text):
            yield words(shape)
        if shape.about is not None:
            lines = shape.about.title.split("\n")
            yield from (re.sub(r"\(.*?\)", "", line) for line in lines if not _stored(line))
    for _, part in picture.inside:
        yield from _texts(part)


def _stored(line: str) -> bool:
    """Whether it names a tensor, as the checkpoint does."""
    return "_" in line or ".weight" in line or ".bias" in line


def shorthand(drawing: Drawing, name: str) -> set[str]:
    """What only insiders understand, but for the model's name, keys of its config, and paths of its blocks."""
    written = re.compile(r"\b\w+_\w+\b|\b[a-z]\w*(?:\.\w+)+\b")  # as config and checkpoint do
    plain = (written.sub("", one.replace(name, "")) for one in said(drawing))
    return {one for one in plain if SHORTHAND.search(one)}


@pytest.mark.parametrize("name", sampled())
def test_figures_speak_plainly(name: str) -> None:
    model = find(name)
    drawn = {d: draw(model.architecture, model.heading, detail=d) for d in DETAILS}
    found = {d: shorthand(one, model.heading.line) for d, one in drawn.items()}
    assert not any(found.values()), found


def test_the_legend_and_the_glossary_do() -> None:
    assert shorthand(legend(), "") == set()
    for row in rows(texts()):
        for one in row:
            assert not SHORTHAND.search(one) or one == "NoPE", one  # which it explains


@pytest.mark.parametrize(
    "injected",
    [
        "V4-Flash's plan in 61 layers.",
        "1 key = value head",
        "MSA in 31 layers.",
        "Three hash-routed layers.",
        "A convolution with 4 taps.",
    ],
)
def test_an_injected_one_is_found(injected: str) -> None:
    model = find("llama-3-8b")
    name, heading = model.heading.line, replace(model.heading, summary=injected)
    as_is = shorthand(draw(model.architecture, model.heading), name)
    assert shorthand(draw(model.architecture, heading), name) - as_is == {injected}
