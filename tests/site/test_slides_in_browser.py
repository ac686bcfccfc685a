"""Slides in a real browser: a lesson's and a course's own sections, one idea each, by keys, pointer and on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from llm_gallery.lessons.course import courses
from llm_gallery.lessons.lesson import lessons
from tests.site.conftest import PHONE, Visit
from tests.site.pdf import texts

LATENT = "multi-head-latent-attention"
LESSON = f"concepts/{LATENT}/index.html"
SHOWN = [LESSON, "learn/small-cache/index.html", "learn/index.html?lessons=rope,gqa"]
OVER = """all => all.map((slide) => slide.querySelector(".box")).filter((box) =>
  [box, ...box.querySelectorAll(".shown, .pic, pre, .diff")].some((one) =>
    one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1)).length"""
"""Slides that something is cut off of."""
ROOM = f"() => ({OVER})([...document.querySelectorAll('.slide')]) === 0"


def slides(path: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}slides"


def number(page: Page) -> int:
    """Which slide is seen: by the address, and by the eye."""
    at = int(page.url.partition("#")[2])
    expect(page.locator(".slide.on")).to_have_count(1)
    assert (
        page.locator(".slide")
        .nth(at - 1)
        .evaluate(
            "one => one.classList.contains('on') && getComputedStyle(one).visibility === 'visible'"
        )
    )
    return at


def test_keys_lead_through_and_out(visit: Visit) -> None:
    page = visit.open(LESSON)
    page.get_by_role("button", name="As slides").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert number(page) == 1
    last = page.locator(".slide").count()
    for key, to in (
        *(("ArrowRight", 2), ("Space", 3), ("PageDown", 4), ("ArrowLeft", 3), ("End", last)),
        *(("ArrowRight", last), ("Home", 1), ("ArrowLeft", 1), ("ArrowDown", 2)),
    ):
        page.keyboard.press(key)
        assert number(page) == to
    page.reload()
    expect(page.locator(".slide.on")).to_be_visible()
    assert number(page) == 2
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.url.endswith(LESSON)
    page.locator("#dial").focus()  # the page can be used again


def test_pressed_a_slide_goes_on_and_at_its_left_back(visit: Visit) -> None:
    page = visit.open(slides(LESSON))
    stage = page.locator(".stage-of-slides")
    for x, to in ((900, 2), (1300, 3), (100, 2)):
        stage.click(position={"x": x, "y": 300})
        assert number(page) == to
    page.get_by_role("button", name="Next slide").click()
    assert number(page) == 3


def test_a_lesson_is_told_whole(visit: Visit) -> None:
    """Problem, each paragraph of the idea, each step with its drawing, all of the code."""
    page = visit.open(slides(LESSON))
    expect(page.locator(".slide.on")).to_be_visible()
    said = " ".join(page.locator(".slide").all_text_contents())
    for at, step in enumerate(lessons()[LATENT].steps, 1):
        assert f"{at}. {step.title}" in said
    steps = page.locator(".slide .of-step")
    assert steps.count() == len(lessons()[LATENT].steps)
    heights = steps.evaluate_all("all => all.map((one) => one.getBoundingClientRect().height)")
    assert min(heights) > 200
    on_page = page.locator("main #the-code .ln").all_text_contents()
    assert page.locator(".slide .ln").all_text_contents() == on_page
    assert (page.locator("main .problem").text_content() or "-") in said


@pytest.mark.parametrize("path", SHOWN)
@pytest.mark.parametrize("visit", [{}, *PHONE], indirect=True)
def test_everything_has_room(visit: Visit, path: str) -> None:
    page = visit.open(slides(path))
    expect(page.locator(".slide.on")).to_be_visible()
    page.wait_for_function(ROOM)
    page.set_viewport_size({"width": 800, "height": 600})
    page.wait_for_function(ROOM)  # type shrinks a frame after the window, and once fonts are there


@pytest.mark.parametrize("path", SHOWN)
def test_on_paper_a_slide_is_a_page(visit: Visit, path: str) -> None:
    page = visit.open(slides(path))
    expect(page.locator(".slide.on")).to_be_visible()
    count = page.locator(".slide").count()
    printed = page.pdf(prefer_css_page_size=True)
    assert b"/MediaBox [0 0 960 540]" in printed  # 16 to 9
    pages = texts(printed)
    assert len(pages) == count
    assert min(pages) > 0


def test_a_course_has_two_slides_a_step_and_its_code(visit: Visit) -> None:
    page = visit.open(slides("learn/small-cache/index.html"))
    expect(page.locator(".slide.on")).to_be_visible()
    count = len(courses()["small-cache"].steps)
    for shown in (".step-head .shown svg", ".lesson-of .pic svg"):
        assert page.locator(f".slide {shown}").count() == count
    assert page.locator(".slide .diff").count() >= count


@pytest.mark.parametrize("visit", [{"script": False}], indirect=True)
def test_without_scripts_the_page_is_as_it_was(visit: Visit) -> None:
    page = visit.open(slides(LESSON))
    expect(page.locator("#problem")).to_be_visible()
