"""A lesson's page: drawing, words and code of one step at a time; letters that light everywhere; the dial."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from llm_gallery.lessons.dial import turned
from llm_gallery.lessons.lesson import lessons
from llm_gallery.lessons.taught import taught
from tests.site.conftest import PHONE, Visit

LATENT = "multi-head-latent-attention"
PAGE = f"concepts/{LATENT}/index.html"
PLACES = """async () => {
  await document.fonts.ready;
  const top = (part) => document.querySelector(part).getBoundingClientRect().top;
  return `${top(".say") - top(".tabs")} ${top(".code") - top(".tabs")} ${document.querySelector(".drawn-steps").clientHeight}`;
}"""


def test_one_step_at_a_time(visit: Visit) -> None:
    """The drawing's rings, the sentence and the marked lines are those of the tab that is chosen, and the address says it."""
    told = taught(lessons()[LATENT])
    page = visit.open(PAGE)
    for number, step in enumerate(told.steps, 1):
        tab = page.get_by_role("tab", name=f"{number} {step.title}", exact=True)
        tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")
        expect(page.locator(".say > div.on h3")).to_have_text(f"{number}. {step.title}")
        shown = page.locator(".drawn-steps .room:visible .veils g.on")
        assert shown.get_attribute("data-step") == f"{number}"
        marked = page.locator("#the-code .ln.on").all_text_contents()
        assert marked == [told.code[0].lines[at] for at in step.lines]
    assert page.url.endswith(f"?step={len(told.steps)}")
    expect(page.get_by_role("button", name="Next step")).to_be_disabled()
    page.get_by_role("tab", selected=True).press("ArrowLeft")
    expect(page.locator(".say > div.on h3")).to_contain_text(told.steps[-2].title)


def test_a_step_is_opened_by_its_address(visit: Visit) -> None:
    page = visit.open(f"{PAGE}?step=4")
    expect(page.locator(".say > div.on h3")).to_have_text(f"4. {lessons()[LATENT].steps[3].title}")


def test_a_letter_lights_in_table_and_code(visit: Visit) -> None:
    page = visit.open(PAGE)
    symbol = next(s for s in lessons()[LATENT].symbols if s.code == ("latent",))
    row = page.locator(".symbols tr", has_text=symbol.means)
    row.hover()
    lit = page.locator("#the-code .lit")
    assert set(lit.all_text_contents()) == {"latent"}
    assert set(page.locator(".formula .lit").all_text_contents()) == {"ct"}
    page.locator("h1").hover()
    expect(page.locator(".lit")).to_have_count(0)


def test_nothing_moves_from_step_to_step(visit: Visit) -> None:
    """The sentence has room for the longest; drawing and code stay where they are."""
    page = visit.open(PAGE)
    tabs = page.get_by_role("tab").all()
    tabs[0].click()
    places = set()
    for tab in [*tabs, *tabs]:
        tab.click()
        places.add(page.evaluate(PLACES))
    assert len(places) == 1


def test_code_is_not_cut(visit: Visit) -> None:
    """A line of 100 characters, which is as long as one is printed, stands beside the drawing whole."""
    page = visit.open(PAGE)
    assert page.locator("#the-code").evaluate("pre => pre.scrollWidth <= pre.clientWidth")


@pytest.mark.parametrize("visit", PHONE, indirect=True)
def test_a_step_fits_a_phone(visit: Visit) -> None:
    """Tabs, drawing and sentence are in one screen."""
    page = visit.open(PAGE)
    top = page.locator(".tabs").bounding_box()
    said = page.locator(".say").bounding_box()
    assert top is not None
    assert said is not None
    assert said["y"] + said["height"] - top["y"] < 844 - 56


def test_a_concept_is_found(visit: Visit) -> None:
    page = visit.open("concepts/index.html")
    page.get_by_label("Find a concept").fill("mla")
    expect(page.locator(".ideas tbody tr:visible th")).to_have_text(
        [re.compile("Multi-head latent attention")]
    )
    expect(page.locator("#sought")).to_have_text("1 concept")
    page.get_by_label("Find a concept").fill("nothing has this name")
    expect(page.locator(".area:visible")).to_have_count(0)
    expect(page.locator("#sought")).to_have_text("No concepts")
    page.goto(page.url.split("?")[0] + "?q=indexer")
    assert page.locator(".ideas tbody tr:visible").count() > 0


def test_the_dial_turns_all_numbers(visit: Visit) -> None:
    """What is read off at each place is what is counted of a config with that value."""
    lesson = lessons()[LATENT]
    assert lesson.dial is not None
    counted = turned(lesson, lesson.dial)
    page = visit.open(PAGE)
    reads = page.locator(".dial .read dd.n")
    for at, place in enumerate(counted.places):
        page.locator("#dial").fill(f"{at}")
        assert reads.all_text_contents() == list(place.words)
        expect(page.locator(".dial .verdict p").first).to_have_text(place.text)
        expect(page.locator(".dial output")).to_have_text(f"{place.value:,}")


@pytest.mark.parametrize("visit", PHONE, indirect=True)
def test_on_a_phone(visit: Visit) -> None:
    page = visit.open(PAGE)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    drawing = page.locator(".drawn-steps .room:visible svg").first
    box = drawing.bounding_box()
    assert box is not None
    assert box["width"] <= 390


@pytest.mark.parametrize("visit", [{"script": False}], indirect=True)
def test_without_scripts_all_steps_are_read(visit: Visit) -> None:
    told = taught(lessons()[LATENT])
    page = visit.open(PAGE)
    for number, step in enumerate(told.steps, 1):
        expect(page.get_by_role("heading", name=f"{number}. {step.title}")).to_be_visible()
    expect(page.locator(".dial table")).to_be_visible()
