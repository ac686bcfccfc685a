"""A teacher's own course in a real browser: lessons that the address names, what they miss, the way through them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from llm_gallery.concepts import concepts
from llm_gallery.lessons.minutes import course_minutes
from tests.site.conftest import PHONE, Visit

HEADS, GROUPED, LATENT = (
    "multi-head-attention",
    "grouped-query-attention",
    "multi-head-latent-attention",
)
COURSE = [HEADS, "rope", LATENT]


def expect_rows(page: Page, ids: list[str]) -> None:
    """The lessons that the page shows, in order."""
    expect(page.locator("#own .rows h2 a")).to_have_text([concepts()[name].name for name in ids])


def asked(page: Page) -> str:
    """The lessons of the address."""
    return page.url.partition("lessons=")[2]


@pytest.mark.parametrize("visit", [{}, *PHONE], indirect=True)
def test_a_course_in_order(visit: Visit) -> None:
    """As it was named, with its minutes and pictures, and nothing to be warned of."""
    page = visit.open(f"learn/index.html?lessons={','.join(COURSE)}")
    whole = course_minutes(COURSE)
    expect(page.locator("#own h1")).to_have_text(f"Your course: 3 lessons, {whole} minutes")
    expect_rows(page, COURSE)
    assert page.locator("#own .pic svg").count() == 3
    expect(page.locator("#own .warning")).to_have_count(0)
    expect(page.locator(".tile").first).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.evaluate("Object.keys(localStorage)") == []


def test_what_is_missing_is_said_and_added(visit: Visit) -> None:
    page = visit.open(f"learn/index.html?lessons={GROUPED}")
    warning = page.locator("#own .warning")
    expect(warning).to_contain_text(
        "Grouped-query attention builds on Multi-head attention, which isn’t in this course."
    )
    warning.get_by_role("button").click()
    assert asked(page) == f"{HEADS},{GROUPED}"
    expect(warning).to_have_count(0)


def test_what_comes_too_late_is_said_and_moved(visit: Visit) -> None:
    page = visit.open(f"learn/index.html?lessons={HEADS},{LATENT},rope")
    warning = page.locator("#own .warning")
    expect(warning).to_contain_text(
        "Multi-head latent attention builds on RoPE, which comes after it in this course."
    )
    warning.get_by_role("button").click()
    assert asked(page) == ",".join(COURSE)
    expect(warning).to_have_count(0)
    page.get_by_role("button", name="Move RoPE up").click()
    assert asked(page) == f"rope,{HEADS},{LATENT}"
    expect(warning).to_contain_text("RoPE builds on Multi-head attention, which comes after it")
    page.get_by_role("button", name="Take RoPE out").click()
    assert asked(page) == f"{HEADS},{LATENT}"


def test_an_unknown_name_is_told(visit: Visit) -> None:
    """With the nearest lesson, unless none is near; a short name is no unknown one."""
    page = visit.open(f"learn/index.html?lessons={HEADS},gqa,multi-query-atention,zzzzzz")
    expect_rows(page, [HEADS, GROUPED])
    told = page.locator("#own .unknown")
    expect(told.nth(0)).to_contain_text(
        "“multi-query-atention” is no lesson here; the nearest is Multi-query attention."
    )
    expect(told.nth(1)).to_contain_text("“zzzzzz” is no lesson here. ")
    told.nth(0).get_by_role("button", name="Take that: Multi-query attention").click()
    page.get_by_role("button", name="Leave it out: zzzzzz").click()
    assert asked(page) == f"{HEADS},{GROUPED},multi-query-attention"


def test_a_name_is_text(visit: Visit) -> None:
    page = visit.open("learn/index.html?lessons=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")
    expect(page.locator("#own .unknown")).to_contain_text("“<img src=x onerror=alert(1)>” is no")
    assert page.locator("#own img").count() == 0


@pytest.mark.parametrize("visit", [{}, *PHONE], indirect=True)
def test_a_course_is_made_by_pressing_lessons(visit: Visit) -> None:
    """In the order in which they are pressed; pressed again a lesson is out; the address holds it all."""
    page = visit.open("learn/index.html")
    page.get_by_role("link", name="Make a course").click()
    for name in ("RoPE", "Grouped-query attention", "Multi-head attention", "RoPE, 1"):
        page.get_by_role("button", name=name, exact=True).click()
    expect(page.locator(".badge", has_text="2")).to_have_count(1)
    minutes = course_minutes([GROUPED, HEADS])
    expect(page.get_by_role("status")).to_have_text(f"Your course: 2 lessons, {minutes} minutes")
    assert asked(page) == f"{GROUPED},{HEADS}"
    page.reload()
    expect(page.locator(f"#{HEADS} .badge")).to_have_text("2")
    page.get_by_role("link", name="See it").click()
    expect_rows(page, [GROUPED, HEADS])


@pytest.mark.parametrize("visit", [{}, *PHONE], indirect=True)
def test_one_is_led_from_lesson_to_lesson(visit: Visit) -> None:
    page = visit.open(f"learn/index.html?lessons={','.join(COURSE)}")
    page.locator("#own .rows h2 a").first.click()
    bar = page.get_by_role("navigation", name="Your course", exact=True)
    for number, name in enumerate(COURSE, 1):
        expect(page.locator("h1")).to_contain_text(concepts()[name].name)
        expect(bar).to_contain_text(f"Your course, {number} of 3")
        if number < len(COURSE):
            expect(page.locator(".onward a").last).to_have_text(
                f"Next{concepts()[COURSE[number]].name}"
            )
            bar.get_by_role("link", name="Next:").click()
    expect(bar.get_by_role("link", name="Next:")).to_have_count(0)
    bar.get_by_role("link", name="Your course").click()
    expect_rows(page, COURSE)


def test_a_lesson_alone_is_in_no_course(visit: Visit) -> None:
    page = visit.open("concepts/rope/index.html")
    expect(page.locator(".crumb")).to_contain_text("Concepts")
    expect(page.get_by_text("Your course")).to_have_count(0)
