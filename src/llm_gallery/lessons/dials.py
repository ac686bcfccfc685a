"""Dials of lessons on other models than the lesson's own, counted beforehand: describing all of them takes half a minute."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.lessons import numbers
from llm_gallery.lessons.dial import Turned, counted_by, place
from llm_gallery.lessons.lesson import Dial, Lesson
from llm_gallery.lessons.numbers import Numbers

FILE = Path(__file__).with_name("dials.json")
"""Of each concept and model what is counted: its own value, amounts at each value, amounts with the concept undone."""
LEAST = 3
"""Values between which there is something to turn."""

Row = tuple[int, Mapping[str, list[int]], list[int] | None]


@cache
def known() -> Mapping[str, Mapping[str, Row]]:
    """What tools/generate_dials.py has counted, by concept and model."""
    found: Mapping[str, Mapping[str, Row]] = json.loads(FILE.read_text("utf-8"))
    return found


def on(lesson: Lesson, dial: Dial, model: str) -> Turned | None:
    """The dial of a lesson on another model; None where it has no such dial, or it moves nothing there."""
    row = known().get(lesson.id, {}).get(model)
    if row is None:
        return None
    own, amounts, undone = row
    by = counted_by(lesson, dial)
    places = tuple(place(int(value), held, by) for value, held in amounts.items())
    titles = tuple(one.title for one in by)
    at = [one.value for one in places].index(own)
    return Turned(dial, titles, places, at, None if undone is None else place(own, undone, by))


def count(lesson: Lesson, dial: Dial, model: str) -> Row | None:
    """Counts a model at each value that it can have; None where it states no such key, or nothing moves with it."""
    key = stated(numbers.config(model), dial.key)
    if key is None:
        return None
    as_it_is = numbers.model(model, lesson.id)
    own = _amounts(as_it_is, lesson, dial)
    name, value = key
    amounts = {value: own}
    for other, found in _turned(lesson, dial, model, name):
        if other != value and found == own:
            return None
        amounts[other] = found
    undone = numbers.undone(model, lesson.id)
    without = None if undone is None else _amounts(undone, lesson, dial)
    if len(amounts) < LEAST:
        return None
    return value, {str(at): amounts[at] for at in sorted(amounts)}, without


def stated(config: Mapping[str, object], key: str) -> tuple[str, int] | None:
    """Where a config states a dial's key as a whole number, at the top or for its language model, and which."""
    bare = key.removeprefix("text_config.")
    for name in (bare, f"text_config.{bare}"):
        found: object = config
        for part in name.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        if isinstance(found, int | float) and found == int(found) and not isinstance(found, bool):
            return name, int(found)
    return None


def _turned(lesson: Lesson, dial: Dial, model: str, key: str) -> Iterator[tuple[int, list[int]]]:
    """The amounts at each of the dial's values that the model can have."""
    for value in dial.values:
        try:
            changed = numbers.with_keys(model, lesson.id, {key: value})
            yield value, _amounts(changed, lesson, dial)
        except (
            Refusal
        ):  # no such model can be: heads that don't divide, more experts than there are
            continue


def _amounts(model: Numbers, lesson: Lesson, dial: Dial) -> list[int]:
    return [one.of(model) for one in counted_by(lesson, dial)]
