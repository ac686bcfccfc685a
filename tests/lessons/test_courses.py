"""Courses: models in order of time, each of which has what its lesson teaches; numbers are computed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pytest

from llm_gallery.analysis.concepts import concepts
from llm_gallery.catalog.load import find
from llm_gallery.figure.emblems import emblem
from llm_gallery.figure.kit.shapes import Text, flat
from llm_gallery.lessons import numbers, prose
from llm_gallery.lessons.course import Course, courses
from llm_gallery.lessons.lesson import lessons

EACH = pytest.mark.parametrize("course", [*courses().values()], ids=lambda course: course.id)


@EACH
def test_each_model_has_what_its_lesson_teaches(course: Course) -> None:
    lacking = [
        (step.model, step.lesson)
        for step in course.steps
        if step.lesson not in concepts(find(step.model).architecture.root)
    ]
    assert lacking == []


@EACH
def test_time_runs_forward(course: Course) -> None:
    entries = [find(step.model).entry for step in course.steps]
    days = [entry.released for entry in entries if entry is not None]
    assert days == sorted(days)
    assert len(days) == len(course.steps)


@EACH
def test_no_number_is_typed(course: Course) -> None:
    texts = [course.title, course.text, *(step.says for step in course.steps)]
    assert [one for text in texts for one in typed(text)] == []
    assert [one for text in course.sentences if (one := text.count("{"))] == []


def typed(text: str) -> list[str]:
    """Numbers that somebody wrote into a course, in digits or words: they would be of one model."""
    return prose.typed_numbers(text) + re.findall(WORDS, text.lower())


WORDS = (
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|dozen|half|halves|twice|double|"
    r"third|fourth|quarter|fifth|sixth|eighth|hundred|thousand|million|billion|trillion)\b"
)


@EACH
def test_a_step_tells_the_facts_of_its_own_model(course: Course) -> None:
    """Each plain fact in a step's sentences is a number of its own model's config, or of the step's before."""
    befores = (None, *(step.model for step in course.steps))
    asked = 0
    for step, says, before in zip(course.steps, course.sentences, befores, strict=False):
        idea = lessons()[step.lesson].idea.split("\n\n", 1)[0]
        for raw, text in ((step.says, says), (idea, step.idea)):
            told = re.fullmatch(re.sub(r"\\{\\{.*?\\}\\}", "(.*)", re.escape(raw)), text, re.DOTALL)
            assert told is not None
            asked_for = re.findall(r"\{\{ (.*?) \}\}", raw)
            for expression, shown in zip(asked_for, told.groups(), strict=True):
                assert not re.search(r"\b(?:model|changed)\(", expression), "of another model"
                if plain := re.fullmatch(FACT, expression):
                    model = before if plain["of"] == "before" else step.model
                    assert model is not None
                    stated = {*integers(numbers.config(model))}
                    stated |= {a * b for a in stated for b in stated}  # a width as heads of a size
                    assert int(shown.replace(",", "")) in stated, (model, expression)
                    asked += 1
    assert asked > len(course.steps)


FACT = r"(?P<of>m|b|before)(?:\.b|\.first\('\w+'\))?\.(?!layers|having|context|total|active|cache|state$)\w+"
"""What a config states; layers with a concept are counted, and authors publish some contexts."""


def integers(value: object) -> Iterator[int]:
    """Every whole number of a config."""
    if isinstance(value, int):
        yield value
    for inside in value.values() if isinstance(value, Mapping) else ():
        yield from integers(inside)


@EACH
def test_a_picture_of_a_step_tells_no_number(course: Course) -> None:
    """An emblem is drawn for every model that has the concept."""
    for step in course.steps:
        picture = emblem(step.lesson)
        texts = [] if picture is None else [s for s in flat(picture) if isinstance(s, Text)]
        words = ["".join(span.text for span in text.spans) for text in texts]
        assert [one for one in words if re.search(r"\d", one)] == []
