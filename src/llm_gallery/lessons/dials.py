"""Dials of lessons on other models than the lesson's own, counted beforehand: describing all of them takes half a minute."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.lessons import numbers
from llm_gallery.lessons.counted import Numbers
from llm_gallery.lessons.dial import CountedDial, amounts, dial_numbers, place
from llm_gallery.lessons.lesson import Dial, Lesson

FILE = Path(__file__).with_name("dials.json")
"""Of each concept and model what is counted: its own value, amounts at each value, amounts with the concept undone."""
LEAST = 3
"""Values between which there is something to turn."""

Row = tuple[int, Mapping[str, list[int]], list[int] | None]


@cache
def known() -> Mapping[str, Mapping[str, Row]]:
    """What tools/generate_dials.py has counted, by concept and model."""
    data: Mapping[str, Mapping[str, Row]] = json.loads(FILE.read_text("utf-8"))
    return data


def on(lesson: Lesson, dial: Dial, model: str) -> CountedDial | None:
    """The dial of a lesson on another model; None where it has no such dial, or it moves nothing there."""
    row = known().get(lesson.id, {}).get(model)
    if row is None:
        return None
    own_value, amounts, undone = row
    by = dial_numbers(lesson, dial)
    places = tuple(place(int(value), amount, by) for value, amount in amounts.items())
    at = [place.value for place in places].index(own_value)
    return CountedDial(
        dial, by, places, at, None if undone is None else place(own_value, undone, by)
    )


def count(lesson: Lesson, dial: Dial, model: str) -> Row | None:
    """Counts a model at each value that it can have; None where it states no such key, or nothing moves with it."""
    as_it_is, by = numbers.model(model, lesson.id), dial_numbers(lesson, dial)
    for turn in turns(numbers.config(model), dial):
        places = _at_each(lesson, dial, model, turn, as_it_is)
        if len(places) < LEAST:
            continue
        rows, without = amounts(by, [*places.values()], numbers.undone(model, lesson.id))
        by_place = dict(zip(places, rows, strict=True))
        return turn.own, {str(at): by_place[at] for at in sorted(by_place)}, without
    return None


def _at_each(
    lesson: Lesson, dial: Dial, model: str, turn: Turn, as_it_is: Numbers
) -> dict[int, Numbers]:
    """The model at each value that it can have; only its own where one of them moves nothing."""
    places = {turn.own: as_it_is}
    plain = [number for number in dial_numbers(lesson, dial) if not number.is_apart]
    amounts = [number.of(as_it_is) for number in plain]
    for value in dial.values:
        if value == turn.own:
            continue
        try:
            changed = numbers.with_keys(model, lesson.id, turn.to(value))
        except (
            Refusal
        ):  # no such model can be: heads that don't divide, more experts than there are
            continue
        if [number.of(changed) for number in plain] == amounts:
            return {turn.own: as_it_is}
        places[value] = changed
    return places


@dataclass(frozen=True, slots=True)
class Turn:
    """One way in which a config says a dial's value: the model's own, and the keys that say another."""

    own: int
    to: Callable[[int], Mapping[str, object]]


def turns(config: Mapping[str, object], dial: Dial) -> Iterator[Turn]:
    """Every way in which a config says a dial's value: a list of its layers, then the key by all its names."""
    if dial.listed is not None and (layers := _spaced(config, dial.listed)) is not None:
        yield layers
        return  # the key beside a list says nothing
    for key in (dial.key, *dial.also):
        if (found_key := stated(config, key)) is not None:
            name, value = found_key
            yield Turn(value, partial(_keyed, name, dial.nulls))


def _keyed(name: str, nulls: tuple[str, ...], value: int) -> Mapping[str, object]:
    return {**dict.fromkeys(nulls), name: value}


def _spaced(config: Mapping[str, object], word: str) -> Turn | None:
    """Layers listed as one in so many with a word, at even spaces, and all others with another word."""
    for name in ("layer_types", "text_config.layer_types"):
        listed = _value(config, name)
        if (
            not isinstance(listed, list | tuple)
            or len(kinds := set(listed)) != 2
            or word not in kinds
        ):
            continue
        spaced = partial(_every, name, len(listed), word, next(iter(kinds - {word})))
        every = listed.index(word) + 1
        if spaced(every)[name] == [*listed]:
            return Turn(every, spaced)
    return None


def _every(name: str, depth: int, word: str, other: str, step: int) -> Mapping[str, object]:
    """A list of so many layers, of which each nth has a word and the others another."""
    return {name: [word if at % step == 0 else other for at in range(1, depth + 1)]}


def stated(config: Mapping[str, object], key: str) -> tuple[str, int] | None:
    """Where a config states a dial's key as a whole number, at the top or for its language model, and which."""
    bare = key.removeprefix("text_config.")
    for name in (bare, f"text_config.{bare}"):
        value = _value(config, name)
        if isinstance(value, int | float) and value == int(value) and not isinstance(value, bool):
            return name, int(value)
    return None


def _value(config: Mapping[str, object], name: str) -> object:
    """What stands under a name; dots lead into tables."""
    value: object = config
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value
