"""The dial of a lesson: the same model at other values of one key, each described and counted like any other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from llm_gallery.analysis.units import binary
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.lessons import apart, numbers, prose
from llm_gallery.lessons.counted import Numbers
from llm_gallery.lessons.filters import FILTERS, percent, rounded
from llm_gallery.lessons.lesson import Dial, Lesson

LONG = 131_072


@dataclass(frozen=True, slots=True)
class DialNumber:
    """A number that follows the dial: what it is, how it is counted and said; and what of it moves, where that is told apart."""

    title: str
    of: Callable[[Numbers], int]
    words: Callable[[int], str]
    parts: apart.Apart | None = None
    moves: str = ""  # what its moving parts are called
    is_apart: bool = False  # it is these parts, of the number before it


COUNTED: Mapping[str, DialNumber] = {
    "cache": DialNumber("Cache for a token", lambda m: m.cache, binary),
    "kept": DialNumber(
        "Cache and state at 131,072 tokens",
        lambda m: m.kept(LONG),
        binary,
        lambda m: apart.memory_parts(m, LONG),
        "Of it, what the dial turns",
    ),
    "state": DialNumber("State, at any length", lambda m: m.state, binary),
    "total": DialNumber(
        "Parameters stored",
        lambda m: m.total,
        rounded,
        apart.stored,
        "Of them, in matrices that the dial turns",
    ),
    "active": DialNumber("Parameters run for a token", lambda m: m.active, rounded),
    "flops": DialNumber(
        "Compute for a token at 131,072",
        lambda m: m.flops(LONG),
        FILTERS["flop"],
        lambda m: apart.mixing(m, LONG),
        "Of it, mixing tokens where the dial turns",
    ),
    "beside": DialNumber("Parameters beside the language model", lambda m: m.beside, rounded),
}


@dataclass(frozen=True, slots=True)
class Place:
    """One value of the dial: its numbers in order, what they are called, and what the value means."""

    value: int
    amounts: tuple[int, ...]
    words: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class CountedDial:
    """The whole dial: what is counted, its places, which is the model's own, and the model without the concept."""

    dial: Dial
    counted: tuple[DialNumber, ...]
    places: tuple[Place, ...]
    own: int
    without: Place | None

    def rest(self, at: int, number: int) -> int:
        """What a number that stands apart leaves of its whole, at a place."""
        amounts = self.places[at].amounts
        return amounts[number - 1] - amounts[number]


def counted_dial(lesson: Lesson, dial: Dial) -> CountedDial:
    """Every place of a lesson's dial. Raises Refusal where no model can have a value, or the model's own is missing."""
    counted = dial_numbers(lesson, dial)
    m = numbers.model(lesson.on, lesson.id)
    own_value = _stated_value(lesson.on, lesson.id, dial)
    if own_value not in dial.values:
        raise Refusal(f"{lesson.id}: the dial lacks {own_value}, which {m.name} has; add it")
    models = _models_at_values(lesson.on, lesson.id, dial)
    undone = numbers.undone(lesson.on, lesson.id)
    rows, beside = amounts(counted, models, undone)
    places = []
    for value, changed, row in zip(dial.values, models, rows, strict=True):
        values = prose.values(lesson, x=value, at=changed)
        text = prose.filled(dial.text, values, f"{lesson.id}: the dial at {value}")
        places.append(place(value, row, counted, text))
    without = None if beside is None else place(own_value, beside, counted)
    return CountedDial(dial, counted, tuple(places), dial.values.index(own_value), without)


def amounts(
    counted: Sequence[DialNumber], models: Sequence[Numbers], undone: Numbers | None = None
) -> tuple[list[list[int]], list[int] | None]:
    """What is counted of a model at each place, and of it without the concept."""
    every = [*models, *([] if undone is None else [undone])]
    rows: list[list[int]] = [[] for _ in every]
    for number in counted:
        if number.is_apart:
            assert number.parts is not None
            parts = [number.parts(model) for model in every]
            names = apart.moving(parts[: len(models)])
            counted_row = [apart.share(each, names) for each in parts]
        else:
            counted_row = [number.of(model) for model in every]
        for row, amount in zip(rows, counted_row, strict=True):
            row.append(amount)
    return (rows, None) if undone is None else (rows[:-1], rows[-1])


def dial_numbers(lesson: Lesson, dial: Dial) -> tuple[DialNumber, ...]:
    """The numbers that are counted at each place. Raises Refusal where the dial names one that isn't known.

    Where that much doesn't move that one wouldn't see the rest do, what moves stands behind its number, too.
    """
    return _cached_dial_numbers(lesson.on, lesson.id, dial)


@cache
def _cached_dial_numbers(on: str, concept: str, dial: Dial) -> tuple[DialNumber, ...]:
    plain = tuple(_dial_number(concept, name) for name in dial.counted)
    own_value = _stated_value(on, concept, dial)
    if own_value not in dial.values:
        return plain
    models, at = _models_at_values(on, concept, dial), dial.values.index(own_value)
    rows, _ = amounts(plain, models)
    if not apart.hides(rows, at):
        return plain
    numbers: list[DialNumber] = []
    for number, plain_number in enumerate(plain):
        numbers.append(plain_number)
        if plain_number.parts is not None:
            moving = replace(plain_number, title=plain_number.moves, is_apart=True)
            turns, _ = amounts([moving], models)
            if 0 < 2 * turns[at][0] < rows[at][number]:
                numbers.append(moving)
    return tuple(numbers)


@cache
def _models_at_values(on: str, concept: str, dial: Dial) -> tuple[Numbers, ...]:
    """The lesson's model at each value."""
    beside = dict.fromkeys(dial.nulls)
    return tuple(
        numbers.with_keys(on, concept, {**beside, dial.key: value}) for value in dial.values
    )


def _dial_number(concept: str, name: str) -> DialNumber:
    if name not in COUNTED:
        known = ", ".join(COUNTED)
        raise Refusal(f"{concept}: the dial counts {name!r}, expected one of {known}")
    return COUNTED[name]


def _stated_value(on: str, concept: str, dial: Dial) -> int:
    value: object = numbers.config(on)
    for key in dial.key.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    if not isinstance(value, int | float) or value != int(value):
        raise Refusal(f"{concept}: {on} states no whole number {dial.key!r}; correct the dial")
    return int(value)


def place(
    value: int, amounts: Sequence[int], counted: Sequence[DialNumber], text: str = ""
) -> Place:
    """A place with its amounts in words; what stands apart says which share of its whole it is."""
    words = []
    for at, (number, amount) in enumerate(zip(counted, amounts, strict=True)):
        apart_from = number.is_apart and amounts[at - 1]
        share = f", {percent(amount / amounts[at - 1])}" if apart_from else ""
        words.append(number.words(amount) + share)
    return Place(value, tuple(amounts), tuple(words), text)
