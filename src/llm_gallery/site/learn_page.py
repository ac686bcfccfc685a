"""Where learning begins: courses as rows of pictures, and a picture for each lesson, none before what it needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from markupsafe import Markup

from llm_gallery.concepts import AREAS, Concept
from llm_gallery.lessons.course import Course
from llm_gallery.lessons.lesson import lessons
from llm_gallery.lessons.minutes import course_minutes, minutes
from llm_gallery.lessons.path import in_order, path
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.site.concept_page import Counted
from llm_gallery.site.contents import Site
from llm_gallery.site.course_view import complete_courses, steps
from llm_gallery.site.emblem_view import emblem_in_page
from llm_gallery.site.page import Document, Page
from llm_gallery.site.render import script

WORK = "learn"


@dataclass(frozen=True, slots=True)
class Tile:
    """A lesson of the index, and what is to be known before it, the first first."""

    concept: Concept
    colour: Colour
    minutes: int  # 0 where nobody teaches it
    picture: Markup
    before: tuple[Concept, ...]

    @property
    def builds_on(self) -> tuple[str, ...]:
        """The ids of those that it builds on itself."""
        return tuple(one.id for one in self.before if one.id in self.concept.after)


@dataclass(frozen=True, slots=True)
class Row:
    """A course of the index: its models, each with its lesson."""

    course: Course
    minutes: int
    steps: tuple[tuple[str, Tile], ...]


def pages(site: Site) -> Iterator[Document | Page]:
    """The index, what pages of lessons load of it within a teacher's course, and a page for each course."""
    yield Document("learn/index.html", "learn.html", partial(_index, site), WORK)
    yield Page("learn/lessons.js", partial(_lessons, site), WORK)
    courses = complete_courses(site)
    for at, course in enumerate(courses):
        following = courses[at + 1] if at + 1 < len(courses) else None
        course_page = partial(_course, course, following, site)
        yield Document(f"learn/{course.id}/index.html", "course.html", course_page, WORK)


def _course(course: Course, following: Course | None, site: Site) -> dict[str, Any]:
    return {
        "course": course,
        "steps": tuple(steps(course, site)),
        "following": following,
        "minutes": course_minutes(step.lesson for step in course.steps),
    }


def _lessons(site: Site) -> bytes:
    """Name and short name of each lesson by its id."""
    shown = Counted(site).concepts
    return script("lessons", {concept.id: [concept.name, concept.short] for concept in shown})


def _index(site: Site) -> dict[str, Any]:
    shown = Counted(site).concepts
    ids = {concept.id for concept in shown}
    tiles = {concept.id: _tile(concept, ids, site) for concept in in_order(shown)}
    areas = [
        (title, colour, [tile for tile in tiles.values() if tile.concept.area == area])
        for area, (title, colour) in AREAS.items()
    ]
    names = {s.id: s.exhibit.entry.name for s in site.models}
    return {
        "courses": [
            Row(
                course,
                course_minutes(step.lesson for step in course.steps),
                tuple((names[step.model], tiles[step.lesson]) for step in course.steps),
            )
            for course in complete_courses(site)
        ],
        "areas": [area for area in areas if area[2]],
        "count": len(shown),
    }


def _tile(concept: Concept, ids: set[str], site: Site) -> Tile:
    lesson = lessons().get(concept.id)
    return Tile(
        concept,
        concept.mechanism,
        0 if lesson is None else minutes(lesson),
        emblem_in_page(concept.id, site.looks),
        path(concept.id, ids)[:-1],
    )
