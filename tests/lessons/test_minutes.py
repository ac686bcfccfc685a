"""Minutes of a lesson: counted by hand for one, longer for more, and for a course those of its lessons."""

from __future__ import annotations

from dataclasses import replace

import pytest

from llm_gallery.lessons.lesson import Lesson, Step, Symbol, lessons
from llm_gallery.lessons.minutes import course_minutes, minutes, words

STEP = Step(title="Keep", text="ten words " * 5, code=("a = 1", "b = 2"))
PLAIN = Lesson(
    id="made-up",
    on="llama-2-7b",
    problem="word " * 100,
    idea="word " * 60,
    costs="word " * 40,
    functions=("attention",),
)
"""200 words: a minute."""


def test_a_lesson_counted_by_hand() -> None:
    """200 words are 60 s; two steps of 11 words (6.6 s), two pieces of code (10 s) and a drawing (15 s) 56.6 s more;
    three symbols of one word (0.9 s) at 4 s another 12.9 s: 129.5 s."""
    assert minutes(PLAIN) == 1
    symbols = (Symbol(sign="x", means="token"),) * 3
    assert minutes(replace(PLAIN, steps=(STEP,) * 2)) == 2
    assert minutes(replace(PLAIN, steps=(STEP,) * 2, symbols=symbols)) == 3


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("It keeps {{ m.cache | bytes }} of a token.", 6),
        ("{% if b.heads > 1 %}One{% else %}Two{% endif %} of {{ b.heads }}", 4),
        ("a → b", 2),
    ],
)
def test_a_number_is_a_word(text: str, count: int) -> None:
    assert words(text) == count


def test_a_course_is_its_lessons() -> None:
    """Each once, however often it comes."""
    first, second = "multi-head-attention", "rope"
    both = minutes(lessons()[first]) + minutes(lessons()[second])
    assert course_minutes([first, second, first]) == both


def test_minutes_tell_lessons_apart() -> None:
    """None is read at a glance or takes a lecture."""
    found = {minutes(lesson) for lesson in lessons().values()}
    assert 2 <= min(found) < max(found) <= 15
