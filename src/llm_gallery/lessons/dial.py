"""The dial of a lesson: the same model at other values of one key, each described and counted like any other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from llm_gallery.analysis.units import binary
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.lessons import numbers, prose
from llm_gallery.lessons.lesson import Dial, Lesson
from llm_gallery.lessons.numbers import Numbers

LONG = 131_072


@dataclass(frozen=True, slots=True)
class Counted:
    """A number that follows the dial: what it is, how it is counted, and how it is said."""

    title: str
    of: Callable[[Numbers], int]
    words: Callable[[int], str]


COUNTED: Mapping[str, Counted] = {
    "cache": Counted("Cache for a token", lambda m: m.cache, binary),
    "kept": Counted("Cache and state at 131,072 tokens", lambda m: m.kept(LONG), binary),
    "state": Counted("State, at any length", lambda m: m.state, binary),
    "total": Counted("Parameters stored", lambda m: m.total, prose.rounded),
    "active": Counted("Parameters run for a token", lambda m: m.active, prose.rounded),
    "flops": Counted(
        "Compute for a token at 131,072", lambda m: m.flops(LONG), prose.FILTERS["flop"]
    ),
}


@dataclass(frozen=True, slots=True)
class Place:
    """One value of the dial: its numbers in order, what they are called, and what the value means."""

    value: int
    amounts: tuple[int, ...]
    words: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Turned:
    """The whole dial: what is counted, its places, which is the model's own, and the model without the concept."""

    dial: Dial
    titles: tuple[str, ...]
    places: tuple[Place, ...]
    own: int
    without: Place | None


def turned(lesson: Lesson, dial: Dial) -> Turned:
    """Every place of a lesson's dial. Raises Refusal where no model can have a value, or the model's own is missing."""
    counted = counted_by(lesson, dial)
    m = numbers.model(lesson.on, lesson.id)
    own = _own(lesson, dial)
    if own not in dial.values:
        raise Refusal(f"{lesson.id}: the dial lacks {own}, which {m.name} has; add it")
    places = []
    for value in dial.values:
        changed = numbers.with_keys(lesson.on, lesson.id, {dial.key: value})
        given = prose.values(lesson, x=value, at=changed)
        text = prose.filled(dial.text, given, f"{lesson.id}: the dial at {value}")
        places.append(place(value, [one.of(changed) for one in counted], counted, text))
    undone = numbers.undone(lesson.on, lesson.id)
    without = None
    if undone is not None:
        without = place(own, [one.of(undone) for one in counted], counted)
    titles = tuple(one.title for one in counted)
    return Turned(dial, titles, tuple(places), dial.values.index(own), without)


def counted_by(lesson: Lesson, dial: Dial) -> tuple[Counted, ...]:
    """What is counted at each place. Raises Refusal where the dial names what nobody counts."""
    return tuple(_counted(lesson, name) for name in dial.counted)


def _counted(lesson: Lesson, name: str) -> Counted:
    if name not in COUNTED:
        known = ", ".join(COUNTED)
        raise Refusal(f"{lesson.id}: the dial counts {name!r}, expected one of {known}")
    return COUNTED[name]


def _own(lesson: Lesson, dial: Dial) -> int:
    found: object = numbers.config(lesson.on)
    for key in dial.key.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    if not isinstance(found, int | float) or found != int(found):
        raise Refusal(
            f"{lesson.id}: {lesson.on} states no whole number {dial.key!r}; correct the dial"
        )
    return int(found)


def place(value: int, amounts: Sequence[int], counted: Sequence[Counted], text: str = "") -> Place:
    """A place with its amounts in words."""
    words = tuple(one.words(n) for one, n in zip(counted, amounts, strict=True))
    return Place(value, tuple(amounts), words, text)
