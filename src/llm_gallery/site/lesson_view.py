"""A lesson as its page shows it: texts as HTML, the drawing with what each step lights, code that knows its letters."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

from llm_gallery.catalog.load import find
from llm_gallery.code.drafting import MODULE
from llm_gallery.concepts import Concept, concepts
from llm_gallery.figure.kit.drawing import Looks
from llm_gallery.lessons import prose
from llm_gallery.lessons.dial import CountedDial
from llm_gallery.lessons.drawn import lesson_drawing
from llm_gallery.lessons.lesson import Lesson, lessons
from llm_gallery.lessons.listing import Listing
from llm_gallery.lessons.taught import ComputedLesson, ComputedSymbol, computed_lesson
from llm_gallery.running.compared import SAID, TWICE, compared_with
from llm_gallery.site.formula import formula, sign
from llm_gallery.site.plates import in_page
from llm_gallery.site.undone_view import (
    Scale,
    UndoneNumber,
    is_unchanged,
    scale,
    undone_numbers,
    words,
)
from llm_gallery.site.veils import anchor, pictures, veils

STORED = ("weight", "bias")
"""How the name of any tensor ends: there it is no letter."""
ROOMS = {"broad": 500.0, "narrow": 343.0}
"""Px of the drawing beside the code, and on a phone."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A row of the table of symbols; `number` is what drawing, table and code know it by."""

    number: int
    sign: Markup
    told: ComputedSymbol


@dataclass(frozen=True, slots=True)
class CodeLine:
    """A line of code, its letters marked, and the steps that run it, from 1."""

    html: Markup
    steps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its words, why no line of code is its own where none is, and its picture."""

    number: int
    title: str
    html: Markup
    no_code: Markup
    picture: Markup  # for paper, which shows all steps


@dataclass(frozen=True, slots=True)
class Alternative:
    """A concept in the row of what was done before, beside and after."""

    concept: Concept
    here: bool
    leads: bool  # whether it has a page


@dataclass(frozen=True, slots=True)
class LessonView:
    """Everything that the template asks for."""

    model: str
    model_name: str
    problem: Markup
    idea: Markup
    costs: Markup
    without: str  # what the model with the concept undone is called
    against: tuple[UndoneNumber, ...]
    same: bool  # undone, it is counted as it is
    plates: dict[str, Markup]
    note: str
    ground: str  # the mechanism on whose tint it is drawn; "" for paper
    scale: Scale | None
    steps: tuple[Step, ...]
    code: tuple[CodeLine, ...]
    equal_to: str  # whose scores those of the code equal
    helpers: tuple[Listing, ...]
    other: str  # what the first function is called in its other way
    formula: Markup
    symbols: tuple[Symbol, ...]
    dial: CountedDial | None
    after: tuple[Concept, ...]
    next: tuple[Concept, ...]
    beside: tuple[Alternative, ...]

    @property
    def valued(self) -> bool:
        """Whether any symbol has a value."""
        return any(symbol.told.value for symbol in self.symbols)


def _equal_to(lesson: Lesson) -> str:
    """What the printed code was compared with: no reference runs a prediction module."""
    if lesson.functions[0] == MODULE:
        return SAID[TWICE]
    return compared_with(find(lesson.on).architecture)


def lesson_view(concept: Concept, pages: Collection[str], looks: Looks) -> LessonView:
    """The lesson of a concept, which leads to concepts that have `pages`. Raises KeyError where it has none."""
    lesson = lessons()[concept.id]
    computed = computed_lesson(lesson)
    plates, printed, note, ground = _plates(lesson, looks)
    known = concepts()
    return LessonView(
        model=lesson.on,
        model_name=computed.model,
        problem=prose.html(computed.problem, pages),
        idea=prose.html(computed.idea, pages),
        costs=prose.html(computed.costs, pages),
        without=words(lesson),
        against=undone_numbers(lesson),
        same=is_unchanged(lesson),
        plates=plates,
        note=note,
        ground=ground,
        scale=scale(lesson),
        steps=tuple(
            Step(
                at,
                step.title,
                prose.html(step.text, pages),
                prose.html(step.no_code, pages),
                picture,
            )
            for at, (step, picture) in enumerate(zip(computed.steps, printed, strict=True), 1)
        ),
        code=tuple(_code(computed)),
        equal_to=_equal_to(lesson),
        helpers=computed.helpers,
        other="" if lesson.rewritten is None else lesson.rewritten.name,
        formula=formula(concept.formula, [symbol.sign for symbol in computed.symbols]),
        symbols=tuple(
            Symbol(at, sign(symbol.sign), symbol) for at, symbol in enumerate(computed.symbols, 1)
        ),
        dial=computed.dial,
        after=tuple(known[name] for name in concept.after if name in pages),
        next=tuple(known[name] for name in concept.next if name in pages),
        beside=tuple(
            Alternative(known[name], name == concept.id, name in pages) for name in concept.beside
        ),
    )


def _plates(lesson: Lesson, looks: Looks) -> tuple[dict[str, Markup], tuple[Markup, ...], str, str]:
    """The drawing for each room (one where both would be the same), and each step's for paper; its note, the colour of its ground."""
    shown = {room: lesson_drawing(lesson, wide) for room, wide in ROOMS.items()}
    wide = shown["broad"]
    if wide.drawing.picture.width == shown["narrow"].drawing.picture.width:
        shown = {"small": wide}
    plates = {
        room: in_page(lesson_drawing.drawing, None, looks, anchor(room))
        + veils(lesson_drawing, room)
        for room, lesson_drawing in shown.items()
    }
    widest, *_ = shown
    return plates, pictures(wide, widest), wide.note, (wide.ground or "").partition(".")[0]


def _code(computed_lesson: ComputedLesson) -> Iterable[CodeLine]:
    """The lines of the functions, their letters in spans."""
    named: dict[str, str] = {}
    for at, symbol in enumerate(computed_lesson.symbols, 1):
        for name in symbol.code:
            named[name] = f"{named[name]} {at}" if name in named else f"{at}"
    for at, line in enumerate(computed_lesson.lines):
        steps = tuple(
            number for number, step in enumerate(computed_lesson.steps, 1) if at in step.lines
        )
        yield CodeLine(_marked(line, named), steps)


def _marked(line: str, named: dict[str, str]) -> Markup:
    """A line with its comment apart and the letters that the table explains marked."""
    code, sharp, comment = line.partition("  # ") if "  # " in line else (line, "", "")
    if line.lstrip().startswith("# "):
        code, sharp, comment = "", "", line
    pieces: Sequence[str] = re.split(r"(\w+)", code)
    html = Markup("").join(
        Markup('<span data-sym="{}">{}</span>').format(named[piece], piece)
        if piece in named and not (piece in STORED and before.endswith("."))
        else escape(piece)
        for before, piece in pairwise(("", *pieces))
    )
    return html + (Markup("<i>{}</i>").format(sharp + comment) if comment else Markup(""))
