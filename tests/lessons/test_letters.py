"""Where the letters of a formula stand in the drawing: letters, boxes, lines of a box, words beside a strip."""

from __future__ import annotations

import pytest

from llm_gallery.lessons.drawn import Place, lesson_drawing, parts_of
from llm_gallery.lessons.lesson import Lesson, lessons

pytestmark = pytest.mark.whole

NOWHERE = {
    "logit-softcap",
    "multi-token-prediction",
    "normed-head",
    "tied-embeddings",
    "vision-tower",
}
"""What is drawn beside these is what the model keeps: their formulas are of the head, or of what stands before it."""


def places(concept: str, sign: str) -> tuple[Place, ...]:
    lesson = lessons()[concept]
    at = [symbol.sign for symbol in lesson.symbols].index(sign)
    return lesson_drawing(lesson, 500.0).letters[at]


def test_letters_of_all_but_a_few_formulas_stand_in_the_drawing() -> None:
    lit = {one.id for one in lessons().values() if any(symbol.drawn for symbol in one.symbols)}
    assert set(lessons()) - lit == NOWHERE


@pytest.mark.parametrize("lesson", [*lessons().values()], ids=lambda lesson: lesson.id)
def test_a_symbol_that_is_drawn_has_a_place(lesson: Lesson) -> None:
    for one in lesson_drawing(lesson, 343.0).letters, lesson_drawing(lesson, 500.0).letters:
        assert [bool(at) for at in one] == [bool(s.drawn) for s in lesson.symbols]


def test_of_a_box_with_several_lines_the_one_that_says_it() -> None:
    """Mixtral's router says "softmax" above "top 2, sum to 1": a score stands in the first, the k best in the second."""
    chosen = places("mixture-of-experts", r"\mathrm{top}_k")
    picture = lesson_drawing(lessons()["mixture-of-experts"], 500.0).drawing.picture
    (box,) = [part for part in parts_of(picture) if "top 2" in part.words]
    assert len(box.lines) == 2
    assert chosen == (box.lines[1][1],)
    assert box.place.bounds.top < chosen[0].bounds.top
    assert chosen[0].bounds.bottom < box.place.bounds.bottom


def test_a_path_goes_before_words() -> None:
    """The router's path ends in "gate"; an expert's gate says so in words."""
    (gate,) = places("mixture-of-experts", "s")
    picture = lesson_drawing(lessons()["mixture-of-experts"], 500.0).drawing.picture
    assert gate == next(p.place for p in parts_of(picture) if p.path.endswith(".gate"))


def test_words_beside_a_strip_have_a_place_too() -> None:
    (state,) = places("hybrid", r"\mathrm{state}")
    (attention,) = places("hybrid", r"\mathrm{attention}")
    assert state.bounds.bottom < attention.bounds.top  # a line each
