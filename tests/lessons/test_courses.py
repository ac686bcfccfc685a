"""Courses: models in order of time, each of which has what its lesson teaches; numbers are computed."""

from __future__ import annotations

import pytest

from llm_gallery.analysis.concepts import concepts
from llm_gallery.catalog.load import find
from llm_gallery.lessons import prose
from llm_gallery.lessons.course import Course, courses

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
def test_numbers_are_computed(course: Course) -> None:
    for step in course.steps:
        assert prose.typed_numbers(step.says) == []
        assert "{" not in step.text
