"""What is to be known before a lesson, as a page shows it: lessons in order, each with its picture and minutes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from markupsafe import Markup

from llm_gallery.concepts import Concept
from llm_gallery.figure.kit.drawing import Looks
from llm_gallery.lessons.lesson import lessons
from llm_gallery.lessons.minutes import minutes
from llm_gallery.lessons.path import path
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.site.emblem_view import emblem_in_page


@dataclass(frozen=True, slots=True)
class Waypoint:
    """A lesson on the way; `here` is the one that the way leads to."""

    concept: Concept
    colour: Colour
    minutes: int  # 0 where nobody teaches it
    picture: Markup
    here: bool


def waypoints(concept: str, pages: Collection[str], looks: Looks) -> tuple[Waypoint, ...]:
    """The way to a concept, of lessons that have `pages`; it ends with itself, for the macro of path.html."""
    taught = lessons()
    return tuple(
        Waypoint(
            one,
            one.mechanism,
            minutes(taught[one.id]) if one.id in taught else 0,
            emblem_in_page(one.id, looks),
            one.id == concept,
        )
        for one in path(concept, pages)
    )
