"""Every lesson: its numbers are computed, its drawing and code have what its steps name, its letters are the code's."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.concept_reading import of_concept
from llm_gallery.concepts import concepts
from llm_gallery.lessons import prose
from llm_gallery.lessons.drawn import lesson_drawing
from llm_gallery.lessons.lesson import Lesson, lessons
from llm_gallery.lessons.taught import computed_lesson

pytestmark = pytest.mark.whole

WIDTHS = (500.0, 343.0)
EACH = pytest.mark.parametrize("lesson", [*lessons().values()], ids=lambda lesson: lesson.id)
MOST_WORDS = 260
"""Of the idea: ten minutes are for the drawing, the code and the dial."""


def texts(lesson: Lesson) -> list[str]:
    dial = () if lesson.dial is None else (lesson.dial.text,)
    return [
        lesson.problem,
        lesson.idea,
        lesson.costs,
        *(step.text for step in lesson.steps),
        *(symbol.means for symbol in lesson.symbols),
        *dial,
    ]


@EACH
def test_everything_is_computed(lesson: Lesson) -> None:
    told = computed_lesson(lesson)
    for text in (told.problem, told.idea, told.costs, *(step.text for step in told.steps)):
        assert "{" not in text
        assert "  " not in text
        prose.html(text)


@EACH
def test_no_number_is_typed(lesson: Lesson) -> None:
    assert [n for text in texts(lesson) for n in prose.typed_numbers(text)] == []


@EACH
def test_no_count_is_taken_off_by_hand(lesson: Lesson) -> None:
    """`{{ m.layers - 58 }}` is a typed number, too."""
    inside = [one for text in texts(lesson) for one in re.findall(r"\{\{.*?\}\}", text)]
    inside += [
        value for symbol in lesson.symbols for value in (symbol.shape, symbol.value) if value
    ]
    assert [one for one in inside if re.search(r" [-+] \d\d", one)] == []


@EACH
def test_the_problem_has_a_number_of_the_model(lesson: Lesson) -> None:
    assert re.search(r"\{\{.*?\}\}", lesson.problem)
    assert re.search(r"\d", computed_lesson(lesson).problem)


@EACH
def test_steps_light_what_is_drawn(lesson: Lesson) -> None:
    for wide in WIDTHS:
        shown = lesson_drawing(lesson, wide)
        assert len(shown.lit) == len(lesson.steps)
        for step, lit in zip(lesson.steps, shown.lit, strict=True):
            assert bool(step.lights) == bool(lit.now), step.title


@EACH
def test_each_step_marks_its_code(lesson: Lesson) -> None:
    """Lines that compute what it says, or in words why none does; no line twice by mistake of the first function."""
    told = computed_lesson(lesson)
    for step in told.steps:
        assert bool(step.lines) != bool(step.no_code), step.title
        assert all(told.lines[at].strip() for at in step.lines), step.title


def test_a_step_without_code_must_say_why() -> None:
    lesson = lessons()["rope"]
    first, *rest = lesson.steps
    for step in (replace(first, code=()), replace(first, no_code="It is no code.")):
        with pytest.raises(Refusal, match=f"rope: the step '{first.title}' names "):
            computed_lesson(replace(lesson, steps=(step, *rest)))


@EACH
def test_letters_stand_in_the_code(lesson: Lesson) -> None:
    """A symbol's names are words of the functions that the lesson shows, and its sign is in the formula."""
    told = computed_lesson(lesson)
    code = "\n".join(listing.text for listing in (*told.code, *told.helpers))
    words = set(re.findall(r"\w+", code))
    for symbol in lesson.symbols:
        assert set(symbol.code) <= words, symbol.sign
    formula = squeezed(concepts()[lesson.id].formula)
    missing = [
        symbol.sign
        for symbol in lesson.symbols
        for sign in symbol.sign.split(",")
        if squeezed(sign) not in formula
    ]
    assert missing == []


def squeezed(tex: str) -> str:
    """TeX without spaces and braces, so that x_t and x_{t} are one."""
    return re.sub(r"\\[,;! ]|[\s{}]", "", tex)


@EACH
def test_the_idea_is_short(lesson: Lesson) -> None:
    assert len(computed_lesson(lesson).idea.split()) <= MOST_WORDS


@EACH
def test_a_lesson_leads_on(lesson: Lesson) -> None:
    concept = concepts()[lesson.id]
    assert of_concept(concept.id), "nothing to read"
    if concept.beside:
        assert lesson.id in concept.beside
