"""A lesson as its page shows it: texts as HTML, the drawing with what each step lights, code that knows its letters."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from latex2mathml.converter import convert
from markupsafe import Markup, escape

from llm_gallery.analysis.units import binary
from llm_gallery.catalog.concept import Concept, concepts
from llm_gallery.figure.kit.drawing import Looks
from llm_gallery.figure.kit.shapes import Bounds
from llm_gallery.lessons import numbers, prose
from llm_gallery.lessons.dial import COUNTED, Counted, Turned
from llm_gallery.lessons.drawn import Lit, drawn
from llm_gallery.lessons.lesson import Ablation, Lesson, lessons
from llm_gallery.lessons.listing import Listing
from llm_gallery.lessons.taught import Taught, Told, taught
from llm_gallery.site.plates import in_page

ROOMS = {"broad": 500.0, "narrow": 343.0}
"""Px of the drawing beside the code, and on a phone."""
AROUND = 4.0
"""Px of paper that a lit box keeps around it."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A row of the table of symbols; `number` is what drawing, table and code know it by."""

    number: int
    sign: Markup
    told: Told


@dataclass(frozen=True, slots=True)
class CodeLine:
    """A line of code, its letters marked, and the steps that run it, from 1."""

    html: Markup
    steps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its words."""

    number: int
    title: str
    html: Markup


@dataclass(frozen=True, slots=True)
class Against:
    """A number with the concept undone, as it is, and how many times less."""

    title: str
    undone: str
    actual: str
    ratio: str


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
    against: tuple[Against, ...]
    plates: dict[str, Markup]
    note: str
    steps: tuple[Step, ...]
    code: tuple[CodeLine, ...]
    helpers: tuple[Listing, ...]
    symbols: tuple[Symbol, ...]
    dial: Turned | None
    ablations: tuple[Ablation, ...]
    after: tuple[Concept, ...]
    next: tuple[Concept, ...]
    beside: tuple[Alternative, ...]


def lesson_view(concept: Concept, pages: Collection[str], looks: Looks) -> LessonView:
    """The lesson of a concept, which leads to concepts that have `pages`. Raises KeyError where it has none."""
    lesson = lessons()[concept.id]
    told = taught(lesson)
    plates, note = _plates(lesson, looks)
    known = concepts()
    return LessonView(
        model=lesson.on,
        model_name=told.model,
        problem=prose.html(told.problem, pages),
        idea=prose.html(told.idea, pages),
        costs=prose.html(told.costs, pages),
        against=tuple(_against(lesson)),
        plates=plates,
        note=note,
        steps=tuple(
            Step(at, step.title, prose.html(step.text, pages))
            for at, step in enumerate(told.steps, 1)
        ),
        code=tuple(_code(told)),
        helpers=told.code[1:],
        symbols=tuple(
            Symbol(at, Markup(convert(symbol.sign)), symbol)
            for at, symbol in enumerate(told.symbols, 1)
        ),
        dial=told.dial,
        ablations=told.ablations,
        after=tuple(known[name] for name in concept.after if name in pages),
        next=tuple(known[name] for name in concept.next if name in pages),
        beside=tuple(
            Alternative(known[name], name == concept.id, name in pages) for name in concept.beside
        ),
    )


def _against(lesson: Lesson) -> Iterable[Against]:
    """What is counted otherwise with the concept undone."""
    undone = numbers.undone(lesson.on, lesson.id)
    if undone is None:
        return
    actual = numbers.model(lesson.on, lesson.id)
    rows = [*COUNTED.values()]
    rows[1:1] = [Counted("at 32,768 tokens", lambda m: m.kept(32_768), binary)]
    for one in rows:
        before, after = one.of(undone), one.of(actual)
        if before != after and after:
            ratio = f"1 / {prose.ratio(before / after)}"
            if after > before:
                ratio = f"× {prose.ratio(after / max(1, before))}"
            yield Against(one.title, one.words(before), one.words(after), ratio)


def _plates(lesson: Lesson, looks: Looks) -> tuple[dict[str, Markup], str]:
    plates, note = {}, ""
    for room, wide in ROOMS.items():
        shown = drawn(lesson, wide)
        picture = shown.drawing.picture
        note = shown.note
        veils = Markup("").join(
            _veil(at, lit, picture.width, picture.height) for at, lit in enumerate(shown.lit, 1)
        )
        box = f"0 0 {picture.width:g} {picture.height:g}"
        over = Markup(
            '<svg class="veils needs-js" viewBox="{}" aria-hidden="true">{}</svg>'
        ).format(box, veils)
        plates[room] = in_page(shown.drawing, "overview", looks) + over
    return plates, note


def _veil(number: int, lit: Lit, wide: float, high: float) -> Markup:
    """Paper over what a step is not about, less over what was lit before, and a line around what is."""
    if not lit.now:
        return Markup("")
    whole = f"M0 0H{wide:g}V{high:g}H0z"
    before = "".join(_hole(at, 0.0) for at in lit.before)
    rings = "".join(_hole(at, AROUND) for at in lit.now)
    veil = whole + before + rings
    return Markup(
        '<g data-step="{}"><path class="veil" fill-rule="evenodd" d="{}"/>'
        '<path class="been" d="{}"/><path class="ring" d="{}"/></g>'
    ).format(number, veil, before, rings)


def _hole(at: Bounds, around: float) -> str:
    left, top = at.left - around, at.top - around
    wide, high = at.right - at.left + 2 * around, at.bottom - at.top + 2 * around
    return f"M{left:.1f} {top:.1f}h{wide:.1f}v{high:.1f}h-{wide:.1f}z"


def _code(told: Taught) -> Iterable[CodeLine]:
    """The lines of the function, its letters in spans."""
    named = {
        name: str(at)
        for at, symbol in reversed([*enumerate(told.symbols, 1)])
        for name in symbol.code
    }
    for at, line in enumerate(told.code[0].lines):
        steps = tuple(number for number, step in enumerate(told.steps, 1) if at in step.lines)
        yield CodeLine(_marked(line, named), steps)


def _marked(line: str, named: dict[str, str]) -> Markup:
    """A line with its comment apart and the letters that the table explains marked."""
    code, sharp, comment = line.partition("  # ") if "  # " in line else (line, "", "")
    if line.lstrip().startswith("# "):
        code, sharp, comment = "", "", line
    pieces: Sequence[str] = re.split(r"(\w+)", code)
    html = Markup("").join(
        Markup('<span data-sym="{}">{}</span>').format(named[piece], piece)
        if piece in named
        else escape(piece)
        for piece in pieces
    )
    return html + (Markup("<i>{}</i>").format(sharp + comment) if comment else Markup(""))
