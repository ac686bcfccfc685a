"""Title images: one format, nothing over another thing, and the exact numbers of the model, which are also read."""

from __future__ import annotations

import pytest

from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.analysis.units import binary, short
from llm_gallery.catalog.load import find
from llm_gallery.concepts import concepts
from llm_gallery.figure import draw
from llm_gallery.figure.kit.shapes import Picture, Text, flat
from llm_gallery.figure.sheets.title_card import Words, strips, title_card
from llm_gallery.lessons.drawn import lesson_drawing
from llm_gallery.lessons.lesson import lessons
from tests.figure import generated
from tests.figure.gates import faults, hidden, words
from tests.figure.page_gates import of_any_page
from tests.figure.test_generated import made_up
from tests.sample import drawings, first


def texts(picture: Picture) -> list[str]:
    return [words(shape) for shape in flat(picture) if isinstance(shape, Text)]


@pytest.mark.parametrize("name", drawings())
def test_of_a_model(name: str) -> None:
    """Whole: no word is cut, and of what leads at least the picture or a sentence is there."""
    model = find(name)
    page = draw(model.architecture, model.heading, detail="title").picture
    assert (page.width, page.height) == (800, 420)
    assert of_any_page(page) == ()
    said = texts(page)
    assert not [one for one in said if "…" in one]
    assert model.heading.line in " ".join(said)
    root = model.architecture.root
    numbers = {one.replace(" ", "") for one in said}
    assert short(parameters(root).total) in numbers
    if kept := cache(root).bytes_per_token:
        assert binary(kept).replace(" ", "") in numbers


@pytest.mark.parametrize("seed", first(range(0, 700, 7), (0, 210, 420)))
def test_of_any_model(seed: int) -> None:
    for wild in (False, True):
        heading = generated.heading(seed, wild=wild)
        page = draw(made_up(seed, wild=wild), heading, detail="title").picture
        assert of_any_page(page) == (), wild


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
