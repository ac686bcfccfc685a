"""The question of every lesson with a dial: its right answer counted anew, of the very models and places that it names."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from math import pi
from pathlib import Path

import pytest
from playwright.sync_api import expect

from llm_gallery.catalog.load import models
from llm_gallery.lessons import numbers
from llm_gallery.lessons.counted import Numbers
from llm_gallery.lessons.dial import COUNTED
from llm_gallery.lessons.lesson import Lesson, lessons
from tests.site.conftest import Visit

WITH_DIAL = sorted(name for name, lesson in lessons().items() if lesson.dial)
OF_MODELS: dict[str, Callable[[Numbers], int]] = {
    "Which keeps the fewest bytes of a text of 131,072 tokens?": lambda m: m.kept(131_072),
    "Which keeps the fewest bytes of a token?": lambda m: m.cache,
    "Which has the smallest state?": lambda m: m.state,
}


def asked(page: Path) -> tuple[str, list[str], list[str]]:
    """What a page asks, its choices, and those that it calls right."""
    text = page.read_text("utf-8")
    section = text[text.index('<section id="ask">') : text.index("<summary>The answer")]
    question = unescape(re.findall(r"<legend>(.*?)</legend>", section)[0])
    choices = re.findall(r"<input ([^>]*)> <span>(.*?)</span>", section)
    words = [unescape(said) for _, said in choices]
    return question, words, [unescape(said) for look, said in choices if "data-right" in look]


def least(lesson: Lesson, choices: list[str], of: Callable[[Numbers], int]) -> str:
    by_name = {entry.name: entry.id for entry in models()}
    amounts = {
        choice: of(numbers.model(by_name[choice.partition(" (")[0]], lesson.id))
        for choice in choices
    }
    first, second, *_ = sorted(amounts.values())
    assert second >= 1.1 * first, "no tie, and none that rounding hides"
    return min(amounts, key=amounts.__getitem__)


def becomes(lesson: Lesson, question: str) -> str:
    """The number at the place that is asked for, from the changed config."""
    assert lesson.dial is not None
    found = re.fullmatch(
        r"Turn “.*” from ([\d,]+) to ([\d,]+)\. What becomes of “(.*)”, (.*) now\?", question
    )
    assert found
    before, after = (int(found[at].replace(",", "")) for at in (1, 2))
    number = next(one for one in COUNTED.values() if one.title == found[3])
    nulls = dict.fromkeys(lesson.dial.nulls)
    own, changed = (
        numbers.with_keys(lesson.on, lesson.id, {**nulls, lesson.dial.key: value})
        for value in (before, after)
    )
    assert found[4] == number.words(number.of(own))
    assert number.of(own) == number.of(numbers.model(lesson.on, lesson.id))
    return number.words(number.of(changed))


def pairs(question: str) -> str:
    """By hand: Llama 3's pairs that turn within 8,192 tokens; gpt-oss's that turn 32 times within 4,096."""
    base, rotated, trained, times = (
        (500_000, 128, 8192, 1) if "Llama 3" in question else (150_000, 64, 4096, 32)
    )
    speeds = (base ** (-2 * at / rotated) for at in range(rotated // 2))
    return f"{sum(speed * trained >= 2 * pi * times for speed in speeds)}"


@pytest.mark.parametrize("concept", WITH_DIAL)
def test_the_right_answer_is_what_is_counted(concept: str, whole_site: Path) -> None:
    lesson = lessons()[concept]
    question, choices, right = asked(whole_site / "concepts" / concept / "index.html")
    assert 2 <= len(choices) == len(set(choices)) <= 4
    if question in OF_MODELS:
        assert right == [least(lesson, choices, OF_MODELS[question])]
    elif question.startswith("Turn"):
        assert right == [becomes(lesson, question)]
    else:
        assert right == [pairs(question)]


def test_a_lesson_without_a_dial_asks_nothing(whole_site: Path) -> None:
    text = (whole_site / "concepts" / "pre-norm" / "index.html").read_text("utf-8")
    assert 'id="ask"' not in text
    assert "ask.js" not in text


def test_an_answer_is_checked_by_keyboard(visit: Visit) -> None:
    """A wrong one is told both numbers, the right one is marked; before one is chosen the page says so."""
    page = visit.open("concepts/mixture-of-experts/index.html")
    said = page.locator(".ask [role=status]")
    check = page.get_by_role("button", name="Check")
    check.press("Enter")
    expect(said).to_have_text("Choose one first.")
    first = page.get_by_role("radio").first
    first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(said).to_have_text(
        "Not so: 12.9B becomes 24.2B; if all of it turned, it would be 25.8B."
    )
    assert page.locator(".ask label.right").count() == 0
    page.locator("[data-right]").check()
    check.click()
    expect(said).to_contain_text("Right: ")
    expect(page.locator(".ask label.right")).to_have_count(1)


@pytest.mark.parametrize("visit", [{"script": False}], indirect=True)
def test_without_scripts_the_answer_is_folded(visit: Visit) -> None:
    page = visit.open("concepts/rope/index.html")
    answer = page.locator(".ask details")
    expect(answer.locator("p")).to_be_hidden()
    answer.locator("summary").click()
    expect(answer.locator("p")).to_contain_text("35. Right: 35 turn fully with a base of 500,000")
    expect(page.get_by_role("button", name="Check")).to_be_hidden()
