"""The top of every page in a real browser: the menu, what stands under More, the search, at every width."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from llm_gallery.site.menu import ENTRIES
from tests.site.conftest import PHONE, Visit, with_fonts

MORE = [entry.name for entry in ENTRIES if entry.more]


@pytest.mark.parametrize("visit", [{"width": 1181}], indirect=True)
def test_the_menu_has_room(visit: Visit) -> None:
    """In one row, beside the search and not under it, in the narrowest window that shows it; seven entries and More."""
    page = visit.open("learn/index.html")
    with_fonts(page)
    expect(page.locator("#menu a[aria-current]")).to_have_text("Learn")
    expect(page.locator("#menu > a")).to_have_count(7)
    expect(page.locator("#more summary")).to_be_visible()
    menu, theme = page.locator("#menu").bounding_box(), page.locator("#search").bounding_box()
    assert menu is not None
    assert theme is not None
    assert menu["height"] < 60
    assert menu["x"] + menu["width"] <= theme["x"]
    assert page.evaluate("document.documentElement.scrollWidth") == 1181
    page.set_viewport_size({"width": 1440, "height": 900})
    roomy = page.locator("#search").bounding_box()
    assert roomy is not None
    assert theme["width"] == roomy["width"]  # not squeezed


def test_more_is_a_disclosure(visit: Visit) -> None:
    """Enter opens it, Escape closes it and comes back, and going on closes it, too."""
    page = visit.open("learn/index.html")
    summary, inside = page.locator("#more summary"), page.locator("#more a")
    expect(inside.first).to_be_hidden()
    summary.focus()
    page.keyboard.press("Enter")
    expect(inside).to_have_text(MORE)
    expect(inside.first).to_be_visible()
    page.keyboard.press("Tab")
    expect(inside.first).to_be_focused()
    page.keyboard.press("Escape")
    expect(inside.first).to_be_hidden()
    expect(summary).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("h1").click()
    expect(inside.first).to_be_hidden()


def test_where_one_is_under_more_is_said(visit: Visit) -> None:
    page = visit.open("concepts/rope/index.html")
    expect(page.locator("#menu a[aria-current]")).to_have_text("Learn")
    page = visit.open("poster/index.html")
    expect(page.locator("#more a[aria-current]")).to_have_text("Poster")
    ink = "getComputedStyle(document.querySelector('#more summary')).borderBottomColor"
    assert page.evaluate(ink) != "rgba(0, 0, 0, 0)"


@pytest.mark.parametrize(
    "visit", [{"script": False}, {"script": False, "width": 390}], indirect=True
)
def test_the_menu_works_without_a_script(visit: Visit) -> None:
    """And what needs one isn't there."""
    page = visit.open("learn/index.html")
    expect(page.locator("#q")).to_be_hidden()
    page.locator("#more summary").click()
    page.locator("#more a", has_text="Timeline").click()
    page.wait_for_url("**/timeline/index.html")


@pytest.mark.parametrize("visit", PHONE, indirect=True)
def test_more_is_in_the_menu_of_a_phone(visit: Visit) -> None:
    page = visit.open("learn/index.html")
    expect(page.locator("#menu")).to_be_hidden()
    page.locator("#menu-button").click()
    page.locator("#more summary").click()
    expect(page.locator("#more a")).to_have_text(MORE)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.keyboard.press("/")
    expect(page.locator("#menu")).to_be_hidden()


@pytest.mark.parametrize(
    "visit", [{"width": width} for width in (320, 390, 800, 1280)], indirect=True
)
def test_the_top_fits(visit: Visit) -> None:
    """One row of the window's width, before and after its script and fonts."""
    page = visit.open("about/index.html")
    with_fonts(page)
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate("document.querySelector('.top').offsetHeight") <= 54


STOPS = """() => [...document.querySelectorAll('.top a, .top button, .top input, .top summary, .skip')]
  .filter((one) => one.checkVisibility() && one.tabIndex >= 0).length"""


def test_the_top_has_twelve_stops(visit: Visit) -> None:
    """Mark, seven of the menu, More, search, theme, and the way past them all."""
    assert visit.open("about/index.html").evaluate(STOPS) == 12


def test_a_slash_turns_to_the_search(visit: Visit) -> None:
    """Of any page, unless somebody writes: then it is a letter."""
    page = visit.open("describe/index.html")
    page.locator("#config").focus()
    page.keyboard.press("/")
    expect(page.locator("#q")).not_to_be_focused()
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
