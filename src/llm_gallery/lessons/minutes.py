"""How long a lesson takes: counted from what is written of it, so that a longer lesson says so by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from math import ceil

from llm_gallery.lessons.lesson import Lesson, lessons

WORDS = 200
"""Words of technical prose that are read in a minute: 240 is usual, and here many are numbers."""
CODE = 5
"""Seconds for a piece of code that a step points at: it is found, read and set beside the sentence."""
DRAWING = 15
"""Seconds for the drawing of a step, looked at as it lights."""
SYMBOL = 4
"""Seconds for a letter of the formula, found in drawing and code."""
DIAL = 45
"""Seconds for a dial: three of its places are tried."""


def minutes(lesson: Lesson) -> int:
    """Minutes to read a lesson, look at its drawings and follow its code, rounded up.

    The fold of helpers, the running code and who uses it aren't counted: they are for a second reading. Only what
    the lesson's file says is counted, so nothing need be computed: a number in braces is one word, and for the lines
    that a step runs stand the pieces by which it names them.
    """
    seconds = (
        60 * sum(map(words, _read(lesson))) / WORDS
        + CODE * sum(len(step.code) for step in lesson.steps)
        + DRAWING * len(lesson.steps)
        + SYMBOL * len(lesson.symbols)
        + (0 if lesson.dial is None else DIAL)
    )
    return ceil(seconds / 60)


def course_minutes(ids: Iterable[str]) -> int:
    """Minutes of some lessons, by their ids, each counted the first time that it comes."""
    return sum(minutes(lessons()[name]) for name in dict.fromkeys(ids))


def words(text: str) -> int:
    """Words that a reader meets in a text whose numbers aren't filled in yet."""
    plain = re.sub(r"(?s)\{\{.*?\}\}", "0", re.sub(r"(?s)\{%.*?%\}", " ", text))
    return sum(bool(re.search(r"\w", word)) for word in plain.split())


def _read(lesson: Lesson) -> Iterator[str]:
    yield from (lesson.problem, lesson.idea, lesson.costs)
    for step in lesson.steps:
        yield from (step.title, step.text, step.no_code or "")
    for symbol in lesson.symbols:
        yield symbol.means
