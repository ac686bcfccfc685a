"""A course as its page shows it: a model a step with its tower, what changed, its lesson, the change drawn and in code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from llm_gallery.catalog.entry import Entry
from llm_gallery.catalog.load import find
from llm_gallery.comparison import Comparison
from llm_gallery.concepts import Concept, concepts
from llm_gallery.figure.difference import DifferenceDetail, difference
from llm_gallery.lessons import prose
from llm_gallery.lessons.course import Course, Stage, courses
from llm_gallery.lessons.lesson import lessons
from llm_gallery.lessons.listing import file, functions
from llm_gallery.lessons.minutes import minutes
from llm_gallery.site.code_difference import Run, runs
from llm_gallery.site.contents import Shown, Site
from llm_gallery.site.emblem_view import emblem_in_page

ROOMS: tuple[DifferenceDetail, ...] = ("phone", "column")
"""Figures of a difference that a step has: the style sheet shows the one that fits."""
CONCEPTS = "../../concepts/"
"""The folder of lessons, as seen from a course."""


@dataclass(frozen=True, slots=True)
class Code:
    """What a step does to the code of its lesson."""

    name: str  # of the function; empty where only numbers change
    line: int  # where it stands in the model's file
    is_new: bool
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One model."""

    number: int
    entry: Entry
    says: Markup
    figure: Markup
    before: str  # the model before, by name; empty for the first
    changed: tuple[str, ...]  # in sentences, since then
    drawn: tuple[tuple[str, Markup], ...]  # what changed, for each room
    lesson: Concept
    minutes: int  # of the lesson
    picture: Markup  # of the lesson
    taught_on: str  # the model that the lesson's own page teaches on; empty where it is the step's
    idea: Markup
    code: Code | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a course asks for a lesson."""

    course: Course
    number: int


def complete_courses(site: Site) -> tuple[Course, ...]:
    """The courses all of whose models and lessons the site has."""
    models = {shown.id for shown in site.models}
    return tuple(
        course
        for course in courses().values()
        if all(step.model in models and step.lesson in site.shown_by for step in course.steps)
    )


def places(concept: str, site: Site) -> tuple[Place, ...]:
    """The steps that are about a concept."""
    return tuple(
        Place(course, number)
        for course in complete_courses(site)
        for number, step in enumerate(course.steps, 1)
        if step.lesson == concept
    )


def steps(course: Course, site: Site) -> Iterator[Step]:
    """The steps of a course, in order."""
    models = {shown.id: shown for shown in site.models}
    before: Shown | None = None
    for number, (stage, says) in enumerate(zip(course.steps, course.sentences, strict=True), 1):
        shown = models[stage.model]
        changed = () if before is None else shown.member.since(before.member).sentences
        yield Step(
            number=number,
            entry=shown.exhibit.entry,
            says=prose.html(says, site.shown_by, CONCEPTS),
            figure=shown.drawing("card"),
            before="" if before is None else before.exhibit.entry.name,
            changed=tuple(changed),
            drawn=() if before is None else tuple(_drawn(before, shown)),
            lesson=concepts()[stage.lesson],
            minutes=minutes(lessons()[stage.lesson]),
            picture=emblem_in_page(stage.lesson, site.looks),
            taught_on=_taught_on(stage),
            idea=prose.html(stage.idea, site.shown_by, CONCEPTS),
            code=_code(None if before is None else before.id, stage),
        )
        before = shown


def _drawn(before: Shown, shown: Shown) -> Iterator[tuple[str, Markup]]:
    """What changed, drawn: layer above layer for narrow rooms, side by side for others."""
    compared = Comparison((before.profile, shown.profile))
    headings = [before.model.heading, shown.model.heading]
    for detail in ROOMS:
        drawn = difference(compared, headings, detail=detail)
        shown.looks.update(drawn.looks(shown.looks))
        yield detail, Markup(drawn.inline())


def _taught_on(stage: Stage) -> str:
    on = lessons()[stage.lesson].on
    return "" if on == stage.model else find(on).name


def _code(before: str | None, stage: Stage) -> Code | None:
    """The first of the lesson's functions that the step brings or changes, else the numbers that it changes."""
    new = functions(stage.model)
    names = [name for name in lessons()[stage.lesson].functions if name in new]
    old = {} if before is None else functions(before)
    for name in names:
        lines, line = new[name].lines, new[name].first
        if name not in old:
            return Code(name, line, True, (Run("same", lines),))
        if old[name].text != new[name].text:
            return Code(name, line, False, tuple(runs(old[name].lines, lines)))
    if before is None or not names:
        return None
    return Code("", 1, False, tuple(runs(_numbers(before), _numbers(stage.model))))


def _numbers(model: str) -> list[str]:
    """The lines of a file that name the model's numbers."""
    head = file(model).split("\nArray = ", 1)[0]
    return re.findall(r"^[A-Z][A-Z_\d]* = .*$", head, re.MULTILINE)
