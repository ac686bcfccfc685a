"""A model's figure on its stage in a real browser: zoomed, dragged, fitted, with two fingers."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from llm_gallery.site.plates import LEVELS
from tests.site.conftest import MODEL, PHONE, Visit


def width(page: Page) -> float:
    """Width of the drawing that is to be seen, in px."""
    box = page.locator(".drawing:visible svg").bounding_box()
    assert box is not None
    return box["width"]


def test_zoom_by_buttons_keys_and_wheel(visit: Visit) -> None:
    page = visit.open(MODEL)
    start = width(page)
    page.locator("[data-zoom=in]").click()
    expect(page.locator(".zoom output")).to_have_text("125%")
    assert width(page) == pytest.approx(start * 1.25, abs=1)
    page.locator("#stage").focus()
    page.keyboard.press("+")
    expect(page.locator(".zoom output")).to_have_text("156%")
    page.locator(".tool [data-level=phone]").click()  # another drawing begins at its own size
    page.locator(".tool [data-level=standard]").click()
    expect(page.locator(".zoom output")).to_have_text("100%")
    assert width(page) == pytest.approx(start, abs=1)
    page.locator("#stage").hover()
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    expect(page.locator(".zoom output")).to_have_text("272%")


def test_zoom_keeps_the_point_under_the_pointer(visit: Visit) -> None:
    page = visit.open(MODEL)
    page.locator("#stage").scroll_into_view_if_needed()
    place = "document.querySelector('.drawing[data-level=standard] svg').getBoundingClientRect().toJSON()"
    before = page.evaluate(place)
    x, y = before["left"] + before["width"] * 0.7, before["top"] + before["height"] * 0.1
    page.mouse.move(x, y)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -150)
    page.keyboard.up("Control")
    expect(page.locator(".zoom output")).to_have_text("212%")
    after = page.evaluate(place)
    assert (x - after["left"]) / after["width"] == pytest.approx(0.7, abs=0.004)
    assert (y - after["top"]) / after["height"] == pytest.approx(0.1, abs=0.004)


def test_drag_pans(visit: Visit) -> None:
    page = visit.open(MODEL)
    page.locator("[data-zoom=in]").click(click_count=1)
    page.locator("[data-zoom=in]").click(click_count=1)
    page.evaluate("document.querySelector('#stage').scrollIntoView()")
    box = page.locator("#stage").bounding_box()
    assert box is not None
    before = page.evaluate("document.querySelector('#stage').scrollLeft")
    page.mouse.move(box["x"] + 600, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 500, box["y"] + 200, steps=4)
    page.mouse.up()
    assert page.evaluate("document.querySelector('#stage').scrollLeft") == before + 100


STANDING = """() => new Promise((done) => {
  const look = (last) => setTimeout(() => (scrollY === last ? done() : look(scrollY)), 100);
  look(NaN);
})"""
"""What is laid out on the way there moves the page once more."""


def dragged(page: Page, dx: int, dy: int) -> tuple[float, float]:
    """How far the drawing moves in its box, and the page in its window, when somebody drags it."""
    page.locator("#stage").scroll_into_view_if_needed()
    page.evaluate(STANDING)
    where = "[document.querySelector('#stage').scrollLeft, scrollY]"
    before = page.evaluate(where)
    box = page.locator("#stage").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, max(box["y"], 0) + 120  # below the bars
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx, y + dy, steps=4)
    page.mouse.up()
    after = page.evaluate(where)
    return before[0] - after[0], before[1] - after[1]


@pytest.mark.parametrize("visit", [{"width": 700}], indirect=True)
def test_drag_pans_at_its_own_size_where_it_reaches_over_the_box(visit: Visit) -> None:
    page = visit.open(MODEL)
    page.locator("button[data-level=standard]").click()
    expect(page.locator(".zoom output")).to_have_text("100%")
    assert dragged(page, -100, 0) == (-100, 0)
    expect(page.locator("#stage")).to_have_class(re.compile("movable"))


def test_drag_moves_the_page_where_the_drawing_fits_its_box(visit: Visit) -> None:
    page = visit.open(MODEL)
    assert dragged(page, -100, -50) == (0, -50)
    expect(page.locator("#stage")).not_to_have_class(re.compile("movable"))


WHOLE_IN_BOX = """() => {
  const stage = document.querySelector("#stage");
  const [box, svg] = [stage, [...stage.querySelectorAll(".drawing svg")].find((one) => one.checkVisibility())].map((one) => one.getBoundingClientRect());
  return {
    over: [stage.scrollWidth - stage.clientWidth, stage.scrollHeight - stage.clientHeight],
    inside: svg.left >= box.left && svg.right <= box.right && svg.top >= box.top && svg.bottom <= box.bottom + 1,
  };
}"""


@pytest.mark.parametrize("visit", [{"width": 360}, {"width": 390}, {}], indirect=True)
def test_fit_shows_the_whole_figure(visit: Visit) -> None:
    page = visit.open(MODEL)
    for level in LEVELS:
        page.locator(f"button[data-level={level}]").click()
        expect(page.locator(f".drawing[data-level={level}] svg")).to_be_visible()
        page.locator("[data-zoom=in]").click()
        page.locator("[data-zoom=fit]").click()
        assert page.evaluate(WHOLE_IN_BOX) == {"over": [0, 0], "inside": True}, level


@pytest.mark.parametrize("visit", [{"width": 360}, {}], indirect=True)
@pytest.mark.parametrize("path", ["timeline/index.html", "poster/index.html"])
def test_fit_shows_a_whole_sheet(visit: Visit, path: str) -> None:
    page = visit.open(path)
    page.locator("[data-zoom=fit]").click()
    over = "(({ scrollWidth, clientWidth, scrollHeight, clientHeight }) => [scrollWidth - clientWidth, scrollHeight - clientHeight])(document.querySelector('#stage'))"
    assert page.evaluate(over) == [0, 0]


@pytest.mark.parametrize("visit", PHONE, indirect=True)
def test_two_fingers_zoom(visit: Visit) -> None:
    page = visit.open(MODEL)
    page.locator("#figure").evaluate("box => box.scrollIntoView({ behavior: 'instant' })")
    box = page.locator("#stage").bounding_box()
    assert box is not None
    middle_x, y = box["x"] + box["width"] / 2, box["y"] + 60
    fingers = page.context.new_cdp_session(page)

    def touch(kind: str, apart: float) -> None:
        points = [{"x": middle_x - apart, "y": y}, {"x": middle_x + apart, "y": y}]
        held = [] if kind == "touchEnd" else points
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": held})

    touch("touchStart", 40)
    for apart in (50, 60, 80):
        touch("touchMove", apart)
    touch("touchEnd", 0)
    expect(page.locator(".zoom output")).to_have_text("200%")
    assert page.evaluate("visualViewport.scale") == 1  # the page itself stays as it is


def test_a_full_screen_shows_the_whole_figure_and_tells(visit: Visit) -> None:
    page = visit.open(MODEL)
    page.locator("#full-screen").click()
    expect(page.locator("#full-screen")).to_have_text("Leave full screen")
    stage = page.locator("#stage")
    assert stage.evaluate("box => box.scrollHeight - box.clientHeight") == 0
    assert stage.evaluate("box => box.clientWidth") == 1440 - 278
    page.locator(".drawing:visible [data-path]:not(text)").first.click()
    expect(page.locator(".dock")).to_be_in_viewport(ratio=1)
