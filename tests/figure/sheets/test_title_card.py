"""Title images of pages that aren't a model's: one format, nothing over another thing."""

from __future__ import annotations

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.concepts import concepts
from llm_gallery.figure.kit.shapes import Picture, Text, flat
from llm_gallery.figure.sheets.title_card import Words, strips, title_card
from llm_gallery.lessons.drawn import lesson_drawing
from llm_gallery.lessons.lesson import lessons
from tests.figure.gates import faults, hidden, words


def texts(picture: Picture) -> list[str]:
    return [words(shape) for shape in flat(picture) if isinstance(shape, Text)]


@pytest.mark.parametrize("concept", lessons())
def test_of_a_concept(concept: str) -> None:
    """The drawing keeps its size, and the format its sides, however high it is."""
    shown = lesson_drawing(lessons()[concept], 392).drawing.picture
    known = concepts()[concept]
    words = Words("Concept", known.name, known.text, "In 3 of 151 models")
    card = title_card(words, shown).picture
    assert card.width * 630 == card.height * 1200
    assert faults(card) == ()
    assert hidden(card) == ()
    said = texts(card)
    assert set(texts(shown)) <= set(said)
    assert known.name in " ".join(said)
    assert known.text in " ".join(said)


def test_of_other_pages() -> None:
    named = [find(name) for name in ("llama-3-8b", "deepseek-v3")]
    shown = strips([(model.architecture, model.heading) for model in named])
    card = title_card(Words("", "Gallery", "Of models."), shown).picture
    assert faults(card) == ()
    assert {model.name for model in named} <= set(texts(card))
