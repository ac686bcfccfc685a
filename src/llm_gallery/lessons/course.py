"""A course: models in order of time, each with the lesson of what it changed; one file each in `courses/`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config

from llm_gallery.architecture.mistake import nearest_name
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.faults import fault_words
from llm_gallery.catalog.fields import Word
from llm_gallery.lessons import numbers, prose
from llm_gallery.lessons.lesson import Prose, as_tuples, lessons

COURSES = Path(__file__).parent / "courses"

_closed = with_config(ConfigDict(extra="forbid"))


@_closed
@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One model of a course, the lesson of what is new in it, and what that changed."""

    model: Word
    lesson: Word
    says: Prose

    @property
    def idea(self) -> str:
        """The first paragraph of its lesson's idea, with the numbers of the step's own model."""
        lesson = lessons()[self.lesson]
        text = lesson.idea.split("\n\n", 1)[0]
        where = f"{lesson.id}: idea on the course's step {self.model}"
        return prose.filled(text, prose.values(lesson, self.model), where)


@_closed
@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Steps from a model to another."""

    id: Word
    place: int  # among the courses
    title: Annotated[str, Field(min_length=1)]
    text: Prose
    steps: Annotated[tuple[Stage, ...], Field(min_length=3)]

    @property
    def sentences(self) -> tuple[str, ...]:
        """What each step says, with the numbers of its model and of the model `before`."""
        befores = (None, *(step.model for step in self.steps))
        return tuple(_said(step, before) for step, before in zip(self.steps, befores, strict=False))


def _said(step: Stage, before: str | None) -> str:
    beside = {} if before is None else {"before": numbers.model(before, step.lesson)}
    values = prose.values(lessons()[step.lesson], step.model, **beside)
    return prose.filled(step.says, values, f"the course's step {step.model}")


@cache
def courses(directory: Path = COURSES) -> Mapping[str, Course]:
    """Every course by its id, in order. Raises Refusal naming the first file that is wrong."""
    courses = [_course(file) for file in directory.glob("*.toml")]
    return {course.id: course for course in sorted(courses, key=lambda course: course.place)}


def _course(file: Path) -> Course:
    table = tomllib.loads(file.read_text("utf-8"))
    try:
        course = _adapter().validate_python(as_tuples({**table, "id": file.stem}))
    except ValidationError as error:
        faults = [fault_words(fault, "a course") for fault in error.errors(include_url=False)]
        raise Refusal(f"{file.name}: {'; '.join(faults)}; correct the course") from None
    for step in course.steps:
        if step.lesson not in lessons():
            near = nearest_name(step.lesson, lessons())
            raise Refusal(f"{file.name}: {step.lesson} is no lesson; the nearest is {near}")
    return course


@cache
def _adapter() -> TypeAdapter[Course]:
    return TypeAdapter(Course)
