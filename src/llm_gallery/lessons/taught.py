"""A lesson with everything computed: its texts with their numbers, its symbols, its code, its dial."""

from __future__ import annotations

from dataclasses import dataclass

from llm_gallery.lessons import numbers, prose
from llm_gallery.lessons.dial import Turned, turned
from llm_gallery.lessons.lesson import Lesson
from llm_gallery.lessons.listing import Listing, listing


@dataclass(frozen=True, slots=True)
class Told:
    """A symbol of the formula with its shape and value on the model; both may be empty."""

    sign: str
    means: str
    code: tuple[str, ...]
    shape: str
    value: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A step: its words, and the lines of the code that it runs, from 0."""

    title: str
    text: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Taught:
    """What a page, or anybody else, shows of a lesson."""

    lesson: Lesson
    model: str
    problem: str
    idea: str
    costs: str
    symbols: tuple[Told, ...]
    steps: tuple[Shown, ...]
    code: tuple[Listing, ...]
    dial: Turned | None


def taught(lesson: Lesson) -> Taught:
    """Everything of a lesson. Raises Refusal naming the place of the first thing that can't be computed."""
    given = prose.values(lesson)
    code = tuple(listing(lesson.on, name) for name in lesson.functions)

    def filled(text: str | None, place: str) -> str:
        return prose.filled(text, given, f"{lesson.id}: {place}") if text else ""

    symbols = tuple(
        Told(
            s.sign,
            filled(s.means, f"symbol {s.sign}"),
            s.code,
            filled(s.shape, f"shape of {s.sign}"),
            filled(s.value, f"value of {s.sign}"),
        )
        for s in lesson.symbols
    )
    steps = tuple(
        Shown(
            step.title, filled(step.text, f"step {step.title}"), _lines(step.code, code[0], lesson)
        )
        for step in lesson.steps
    )
    return Taught(
        lesson,
        numbers.model(lesson.on, lesson.id).name,
        filled(lesson.problem, "problem"),
        filled(lesson.idea, "idea"),
        filled(lesson.costs, "costs"),
        symbols,
        steps,
        code,
        None if lesson.dial is None else turned(lesson, lesson.dial),
    )


def _lines(pieces: tuple[str, ...], code: Listing, lesson: Lesson) -> tuple[int, ...]:
    return tuple(sorted({at for piece in pieces for at in code.places(piece, lesson.id)}))
