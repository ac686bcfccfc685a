"""What a lesson's drawing answers: its parts when they are asked, its letters where symbols name them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.figure.kit.shapes import Line, flat
from llm_gallery.lessons.drawn import lesson_drawing, letters_of
from llm_gallery.lessons.lesson import lessons
from llm_gallery.site.lesson_view import ROOMS

pytestmark = pytest.mark.whole


@pytest.mark.parametrize("concept", sorted(lessons()))
def test_every_drawing_has_parts_to_ask(concept: str) -> None:
    """Blocks with their paths, or the strip of layers; symbols stand where they say, inside the drawing."""
    lesson = lessons()[concept]
    for wide in ROOMS.values():
        shown = lesson_drawing(lesson, wide)
        abouts = [s.about for s in flat(shown.drawing.picture) if not isinstance(s, Line)]
        assert any(about and (about.path or dict(about.data).get("strip")) for about in abouts)
        for symbol, places in zip(lesson.symbols, shown.letters, strict=True):
            assert bool(places) == bool(symbol.drawn), symbol.sign
            for place in places:
                assert 0 <= place.bounds.left < place.bounds.right <= shown.drawing.picture.width


def test_letters_are_found_one_by_one() -> None:
    """Raised letters belong to what they are raised behind; a transposition names nothing."""
    found = lesson_drawing(lessons()["multi-head-latent-attention"], 500.0)
    letters = list(letters_of(found.drawing.picture))
    assert {sign for sign, _ in letters} == {"q", "k", "v", "q^r", "k^r"}
    formula = [place for sign, place in letters if sign == "k"][:2]
    assert formula[0].bounds.right - formula[0].bounds.left < 12


def test_a_symbol_that_is_not_drawn_is_refused() -> None:
    lesson = lessons()["swiglu"]
    first, *rest = lesson.symbols
    wrong = replace(lesson, symbols=(replace(first, drawn=("k",)), *rest))
    with pytest.raises(Refusal, match="swiglu: nothing in the drawing is 'k'"):
        lesson_drawing(wrong, 500.0)
