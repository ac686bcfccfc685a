"""A lesson with everything computed: its texts with their numbers, its symbols, its code, its dial."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from llm_gallery.architecture.refusal import Refusal, printable
from llm_gallery.lessons import numbers, prose
from llm_gallery.lessons.dial import CountedDial, counted_dial
from llm_gallery.lessons.lesson import Lesson, Step
from llm_gallery.lessons.listing import Listing, listing


@dataclass(frozen=True, slots=True)
class ComputedSymbol:
    """A symbol of the formula with its shape and value on the model; both may be empty."""

    sign: str
    means: str
    code: tuple[str, ...]
    shape: str
    value: str


@dataclass(frozen=True, slots=True)
class ComputedStep:
    """A step: its words, and the lines of the code that it runs, from 0; where there are none, why."""

    title: str
    text: str
    lines: tuple[int, ...]
    no_code: str


@dataclass(frozen=True, slots=True)
class ComputedLesson:
    """What a page, or anybody else, shows of a lesson."""

    lesson: Lesson
    model: str
    problem: str
    idea: str
    costs: str
    symbols: tuple[ComputedSymbol, ...]
    steps: tuple[ComputedStep, ...]
    code: tuple[Listing, ...]  # the first function, and those that a step runs lines of
    helpers: tuple[Listing, ...]  # the others
    dial: CountedDial | None

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines that steps number: of all `code`, with an empty one between two functions."""
        return tuple("\n\n".join(listing.text for listing in self.code).split("\n"))


def computed_lesson(lesson: Lesson) -> ComputedLesson:
    """Everything of a lesson. Raises Refusal naming the place of the first thing that can't be computed."""
    values = prose.values(lesson)
    functions = [listing(lesson.on, name) for name in lesson.functions]
    if lesson.rewritten is not None:
        functions.append(Listing(lesson.rewritten.name, 0, lesson.rewritten.code))
    step_lines = [_step_lines(step, functions, lesson) for step in lesson.steps]
    run = {at for lines in step_lines for at, _ in lines}
    code = tuple(function for at, function in enumerate(functions) if at == 0 or at in run)

    def filled(text: str | None, place: str) -> str:
        return prose.filled(text, values, f"{lesson.id}: {place}") if text else ""

    symbols = tuple(
        ComputedSymbol(
            s.sign,
            filled(s.means, f"symbol {s.sign}"),
            s.code,
            filled(s.shape, f"shape of {s.sign}"),
            filled(s.value, f"value of {s.sign}"),
        )
        for s in lesson.symbols
    )
    starts = _starts(functions, code)
    steps = tuple(
        ComputedStep(
            step.title,
            filled(step.text, f"step {step.title}"),
            tuple(sorted({starts[at] + line for at, line in lines})),
            filled(step.no_code, f"step {step.title}"),
        )
        for step, lines in zip(lesson.steps, step_lines, strict=True)
    )
    return ComputedLesson(
        lesson,
        numbers.model(lesson.on, lesson.id).name,
        filled(lesson.problem, "problem"),
        filled(lesson.idea, "idea"),
        filled(lesson.costs, "costs"),
        symbols,
        steps,
        code,
        tuple(function for function in functions if function not in code),
        None if lesson.dial is None else counted_dial(lesson, lesson.dial),
    )


def _step_lines(step: Step, functions: Sequence[Listing], lesson: Lesson) -> list[tuple[int, int]]:
    """The lines that a step runs, each with the place of its function: of the first that holds the piece.

    Raises Refusal where a step names no code and doesn't say why, or names some that isn't there.
    """
    if bool(step.code) == bool(step.no_code):
        raise Refusal(
            f"{lesson.id}: the step {step.title!r} names {'code' if step.code else 'neither code'} "
            f"{'and also' if step.code else 'nor'} why there is none, expected one of the two; correct the step"
        )
    lines = []
    for piece in step.code:
        at = next((at for at, function in enumerate(functions) if function.places(piece)), None)
        if at is None:
            names = ", ".join(function.name for function in functions)
            raise Refusal(
                f"{lesson.id}: no line of {names} holds {printable(piece)!r}; correct the step"
            )
        lines += [(at, line) for line in functions[at].places(piece)]
    return lines


def _starts(functions: Sequence[Listing], code: Sequence[Listing]) -> dict[int, int]:
    """The first line of each function that is shown, among the lines of all of them."""
    starts, start = {}, 0
    for at, function in enumerate(functions):
        if function in code:
            starts[at] = start
            start += len(function.lines) + 1
    return starts
