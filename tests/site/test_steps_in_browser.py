"""A token's way on a model's page in a real browser: drawn when it comes into view, led by buttons, keys and fingers."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from llm_gallery.catalog.load import find
from llm_gallery.figure.steps import steps
from tests.site.conftest import MODEL, PHONE, Visit
from tests.site.test_accessibility import violations
from tests.site.test_widths_in_browser import LEAST_TYPE, OVER

PLACE = """() => {
  const [token, panel] = [".token", "#walk [aria-current]"].map((name) => document.querySelector(name).getBoundingClientRect());
  return (token.left + token.width / 2 - panel.left) / panel.width;
}"""
"""Where the token is seen in the panel that it goes to, of the panel's width."""


def opened(visit: Visit, path: str = MODEL) -> Page:
    """The page with its panels in view."""
    page = visit.open(path)
    walk = page.locator("#walk")
    for _ in range(2):  # what is laid out on the way there moves it once more
        walk.evaluate("box => box.scrollIntoView({ block: 'center', behavior: 'instant' })")
        expect(walk.locator(".token")).to_have_count(1)
    return page


def current(page: Page) -> Locator:
    """The panel in which the token is."""
    return page.locator("#walk [aria-current=step]")


def arrived(page: Page) -> None:
    """Waits until the token stands."""
    page.locator(".token").evaluate(
        "token => Promise.all(token.getAnimations().map((one) => one.finished)).then(() => null)"
    )


def panels(page: Page) -> int:
    return page.locator("#walk li").count()


def test_panels_are_drawn_when_they_come_into_view(visit: Visit) -> None:
    page = visit.open(MODEL)
    walk = steps(find("qwen3-next-80b-a3b").architecture, find("qwen3-next-80b-a3b").heading)
    expect(page.locator("#walk title")).to_have_count(0)
    page.locator("#steps h2").scroll_into_view_if_needed()
    titles = [drawing.title for drawing in walk.drawings]
    expect(page.locator("#walk title")).to_have_text(titles)
    expect(page.locator("#walk .stop")).to_have_count(len(titles))
    expect(page.locator("#steps output")).to_have_text("Step 1 of 6: A row of numbers")


def test_next_and_previous(visit: Visit) -> None:
    page = opened(visit)
    back, on = (page.get_by_role("button", name=name) for name in ("Previous step", "Next step"))
    expect(back).to_have_attribute("aria-disabled", "true")
    for number in range(2, panels(page) + 1):
        on.click()
        expect(page.locator("#steps output")).to_contain_text(f"Step {number} of")
        expect(current(page)).to_be_in_viewport(ratio=0.99)
    expect(on).to_have_attribute("aria-disabled", "true")
    back.click()
    expect(page.locator("#steps output")).to_contain_text(f"Step {panels(page) - 1} of")
    expect(current(page)).to_have_count(1)


def test_the_token_goes_along_the_stream(visit: Visit) -> None:
    """From its place in the one panel to that in the next, at one height, and stands on that panel's ring."""
    page = opened(visit)
    start = page.locator(".token").bounding_box()
    page.get_by_role("button", name="Next step").click()
    assert page.locator(".token").evaluate("token => token.getAnimations().length") == 1
    assert page.evaluate(PLACE) < 0.4
    arrived(page)
    token, ring = (
        page.locator(name).bounding_box() for name in (".token", "li:nth-child(2) .stop")
    )
    assert start is not None
    assert token is not None
    assert ring is not None
    assert token["y"] == pytest.approx(start["y"], abs=0.5)
    assert token["x"] + token["width"] / 2 == pytest.approx(ring["x"] + ring["width"] / 2, abs=0.5)
    assert token["y"] + token["height"] / 2 == pytest.approx(
        ring["y"] + ring["height"] / 2, abs=0.5
    )


def test_reduced_motion_has_no_gliding(visit: Visit) -> None:
    visit.page.emulate_media(reduced_motion="reduce")
    page = opened(visit)
    page.get_by_role("button", name="Next step").click()
    assert page.locator(".token").evaluate("token => token.getAnimations().length") == 0
    assert page.evaluate(PLACE) == pytest.approx(0.5, abs=0.01)


def test_play_goes_to_the_end_and_begins_anew(visit: Visit) -> None:
    visit.page.clock.install()
    page = opened(visit)
    play = page.locator("#play")
    play.click()
    expect(play).to_have_text("Pause")
    for number in (2, 3):
        expect(page.locator("#steps output")).to_contain_text(f"Step {number} of")
        page.clock.run_for(8_000)
    play.click()
    expect(play).to_have_text("Play")
    said = page.locator("#steps output").inner_text()
    page.clock.run_for(60_000)
    expect(page.locator("#steps output")).to_have_text(said)
    play.click()
    page.clock.run_for(100_000)
    expect(page.locator("#steps output")).to_contain_text(f"Step {panels(page)} of")
    expect(play).to_have_text("Play")
    play.click()
    expect(page.locator("#steps output")).to_contain_text("Step 1 of")


def test_keys(visit: Visit) -> None:
    page = opened(visit)
    page.locator("#walk").focus()
    for key, number in (
        ("ArrowRight", 2),
        ("ArrowRight", 3),
        ("ArrowLeft", 2),
        ("End", 6),
        ("Home", 1),
    ):
        page.keyboard.press(key)
        expect(page.locator("#steps output")).to_contain_text(f"Step {number} of")


@pytest.mark.parametrize("visit", [{"width": 320}, {"width": 375}], indirect=True)
def test_a_phone_shows_one_panel_at_a_time(visit: Visit) -> None:
    """As wide as there is room; nothing reaches over the page; who scrolls on takes the token along."""
    page = opened(visit)
    first, second = (page.locator("#walk li").nth(index) for index in (0, 1))
    expect(first).to_be_in_viewport(ratio=0.99)
    expect(second).not_to_be_in_viewport()
    assert page.locator("html").evaluate(OVER) == 0
    page.locator("#walk").evaluate("box => box.scrollBy({ left: 250, behavior: 'instant' })")
    expect(page.locator("#steps output")).to_contain_text("Step 2 of")
    expect(second).to_be_in_viewport(ratio=0.99)
    expect(first).not_to_be_in_viewport()


@pytest.mark.parametrize("visit", [{"width": width} for width in (375, 768, 1440)], indirect=True)
def test_type_of_panels_is_at_least_ten_pixels(visit: Visit) -> None:
    page = opened(visit)
    for drawn in page.locator("#walk li > svg:first-child").all():
        assert drawn.evaluate(LEAST_TYPE) >= 10


@pytest.mark.parametrize(
    "visit",
    [{"width": w, "theme": t} for w in (1440, 375) for t in ("light", "dark")],
    indirect=True,
)
def test_axe_over_the_panels(visit: Visit) -> None:
    page = opened(visit)
    page.get_by_role("button", name="Next step").click()
    assert violations(page) == []


@pytest.mark.parametrize(
    "visit", [{"script": False}, {"width": 375, "script": False}], indirect=True
)
def test_without_scripts_the_strip_stands_there(visit: Visit) -> None:
    """As one picture in a box that scrolls sideways, with all that it says in words."""
    page = visit.open(MODEL)
    strip = page.locator("#steps img")
    strip.scroll_into_view_if_needed()
    expect(strip).to_have_js_property("complete", value=True)
    assert strip.evaluate("strip => strip.naturalWidth") > 1000
    assert "6. What stays, what follows" in (strip.get_attribute("alt") or "")
    expect(page.locator("#walk")).to_be_hidden()
    assert page.locator("html").evaluate(OVER) == 0


@pytest.mark.parametrize("visit", PHONE, indirect=True)
def test_the_strip_is_taken_away(visit: Visit) -> None:
    page = opened(visit)
    with page.expect_download() as caught:
        page.locator("#steps a[download]").click()
    assert caught.value.suggested_filename == "qwen3-next-80b-a3b-steps.svg"
    assert Path(caught.value.path()).read_bytes().startswith(b"<svg")


def test_panels_are_small(site: Path) -> None:
    for file in sorted(site.glob("drawings/*-steps.js")):
        assert len(gzip.compress(file.read_bytes(), 6)) <= 16 * 1024, file
