"""Where learning begins: the courses, and all lessons in an order in which nothing comes before what it needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from llm_gallery.concepts import AREAS, Concept
from llm_gallery.lessons.course import Course
from llm_gallery.lessons.path import in_order
from llm_gallery.site.concept_page import Counted, colour
from llm_gallery.site.contents import Site
from llm_gallery.site.course_view import complete_courses, steps
from llm_gallery.site.page import Document

WORK = "learn"


@dataclass(frozen=True, slots=True)
class LessonRow:
    """A lesson of the index."""

    concept: Concept
    colour: str
    after: tuple[Concept, ...]


def pages(site: Site) -> Iterator[Document]:
    """The index, and a page for each course."""
    yield Document("learn/index.html", "learn.html", partial(_index, site), WORK)
    courses = complete_courses(site)
    for at, course in enumerate(courses):
        following = courses[at + 1] if at + 1 < len(courses) else None
        course_page = partial(_course, course, following, site)
        yield Document(f"learn/{course.id}/index.html", "course.html", course_page, WORK)


def _course(course: Course, following: Course | None, site: Site) -> dict[str, Any]:
    return {"course": course, "steps": tuple(steps(course, site)), "following": following}


def _index(site: Site) -> dict[str, Any]:
    shown = Counted(site).concepts
    by_id = {concept.id: concept for concept in shown}
    ordered = in_order(shown)
    areas = [
        (
            title,
            [
                LessonRow(c, colour(c), tuple(by_id[name] for name in c.after if name in by_id))
                for c in ordered
                if c.area == area
            ],
        )
        for area, (title, _) in AREAS.items()
    ]
    names = {s.id: s.exhibit.entry.name for s in site.models}
    return {
        "courses": [
            (course, [(step.model, names[step.model]) for step in course.steps])
            for course in complete_courses(site)
        ],
        "areas": [(title, rows) for title, rows in areas if rows],
        "count": len(shown),
    }
