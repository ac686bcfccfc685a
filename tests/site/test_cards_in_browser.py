"""Cards of the gallery in a real browser: towers of the first screen, those that come later, years, and what a card says of its ancestor."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.site.cards import TOTAL, models, shown_ids
from tests.site.conftest import Visit
from tests.site.test_gallery_in_browser import follows, kind, mechanism


def test_ten_whole_towers_stand_in_the_first_screen(visit: Visit) -> None:
    """Those of the models that most later ones follow."""
    page = visit.open("index.html")
    whole = page.evaluate(
        """[...document.querySelectorAll(".card")].filter((card) => card.querySelector("svg text") &&
          card.getBoundingClientRect().bottom <= innerHeight).map((card) => card.dataset.id)"""
    )
    assert len(whole) == 10
    least = min(follows(model) for model in models() if model.entry.id in whole)
    assert all(follows(model) <= least for model in models() if model.entry.id not in whole)


def test_the_others_come_when_they_are_near(visit: Visit) -> None:
    page = visit.open("index.html")
    far = page.locator(".card").last
    assert not far.locator("img").evaluate("img => img.complete")
    far.scroll_into_view_if_needed()
    page.wait_for_function(
        "img => img.naturalWidth === 320", arg=far.locator("img").element_handle()
    )


@pytest.mark.parametrize("visit", [{"theme": "dark"}, {"theme": "light"}], indirect=True)
def test_pictures_follow_the_theme(visit: Visit) -> None:
    """The system's, until the page is given another."""
    page = visit.open("index.html")
    shown = "dark => document.querySelector('.card img').currentSrc.endsWith('#dark') === dark"
    system = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    page.locator(".card img").first.scroll_into_view_if_needed()
    for dark in (system, False, True, system):  # of the button: system, light, dark
        page.wait_for_function(shown, arg=dark)
        page.locator("#theme").click()


def test_newest_has_a_shelf_a_year_whose_spine_stays(visit: Visit) -> None:
    page = visit.open("index.html?sort=date")
    years = [m.entry.released.year for m in models()]
    spines = page.locator(".spine b").all_inner_texts()
    assert spines == [str(year) for year in sorted(set(years), reverse=True)]
    page.evaluate("scrollTo(0, 2400)")
    top = page.locator(".spine span").first.bounding_box()
    assert top is not None
    assert 100 < top["y"] < 140
    kind(page, "recurrent").click()
    known = {m.entry.released.year for m in models() if "Recurrent" in m.facets["kind"]}
    assert page.locator(".spine:visible").count() == len(known)


FAR = "mistral-7b-v0.1"
SIZES = """cards => cards.flatMap((card) => {
  const svg = card.querySelector("svg");
  const scale = svg.getBoundingClientRect().width / 320;
  return [...svg.querySelectorAll("text")].filter((text) => text.checkVisibility())
    .map((text) => [text.textContent, parseFloat(getComputedStyle(text).fontSize) * scale]);
})"""


def test_small_writes_nothing_under_seven_pixels(visit: Visit, whole_site: Path) -> None:
    """Eight across; of the words of a tower its counts are left, in files as in the page."""
    page = visit.open("index.html?view=small")
    tops = page.locator(".card").evaluate_all("cards => cards.map((card) => card.offsetTop)")
    assert tops.count(tops[0]) == 8
    written = page.locator(".card:has(svg)").evaluate_all(SIZES)
    assert written
    assert {text for text, _ in written} <= {f"{n} ×" for n in range(1000)}
    assert min(size for _, size in written) >= 7
    wide = page.locator(".card img").first.evaluate("img => img.width")
    assert wide < 200
    assert wide / 320 * 15.2 >= 7  # as the file's own rules have it there
    drawn = visit.page.context.new_page()
    drawn.set_viewport_size({"width": int(wide), "height": 200})
    drawn.goto((whole_site / "models" / FAR / "card.svg").as_uri())
    seen = """() => [...document.querySelectorAll("text")].filter((text) => getComputedStyle(text).fillOpacity === "1")
      .map((text) => [text.textContent, getComputedStyle(text).fontSize])"""
    assert drawn.evaluate(seen)
    assert all(text.endswith("×") and size == "15.2px" for text, size in drawn.evaluate(seen))
    assert drawn.locator(".type").first.evaluate("type => getComputedStyle(type).display") == "none"


def test_what_changed_leads_to_the_ancestor(visit: Visit) -> None:
    """By the pointer and by the keyboard alone, and nothing moves."""
    page = visit.open("index.html")
    card = page.locator(".card[data-id=mixtral-8x7b]")
    told = card.locator(".told")
    expect(told).to_be_hidden()
    before = page.locator(".card").evaluate_all("cards => cards.map((card) => card.offsetTop)")
    card.hover()
    expect(told).to_be_visible()
    after = page.locator(".card").evaluate_all("cards => cards.map((card) => card.offsetTop)")
    assert before == after
    page.mouse.move(0, 0)
    card.locator("h2 a").focus()
    expect(told).to_contain_text("eight experts")
    expect(page.locator(".card.ancestor")).to_have_attribute("data-id", "mistral-7b-v0.1")
    page.keyboard.press("Tab")
    expect(told.locator("a")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".card[data-id='mistral-7b-v0.1'] h2 a")).to_be_focused()
    expect(page.locator(".card[data-id='mistral-7b-v0.1']")).to_be_in_viewport()


def test_an_ancestor_that_was_filtered_away_is_shown(visit: Visit) -> None:
    page = visit.open("index.html?kind=mixture-of-experts")
    card = page.locator(".card[data-id=mixtral-8x7b]")
    card.hover()
    card.locator(".told a").click()
    expect(page.locator(".card[data-id='mistral-7b-v0.1'] h2 a")).to_be_focused()
    assert len(shown_ids(page)) == TOTAL


def test_the_first_card_is_at_most_twenty_stops_away(visit: Visit) -> None:
    """A group of buttons is one stop, in which arrows go on."""
    page = visit.open("index.html")
    stops = 0
    while not page.evaluate("document.activeElement.matches('.card h2 a')"):
        page.keyboard.press("Tab")
        stops += 1
        assert stops <= 20
    page.locator("#bar button").first.focus()
    page.keyboard.press("ArrowRight")
    expect(kind(page, "dense")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    expect(kind(page, "")).to_be_focused()
    page.keyboard.press("Tab")
    expect(mechanism(page, "full")).to_be_focused()


def test_six_milestones_and_a_way_to_learn(visit: Visit) -> None:
    page = visit.open("index.html")
    links = page.locator(".start a")
    expect(links).to_have_count(7)
    for index in range(7):
        expect(links.nth(index)).to_be_in_viewport(ratio=1)
    years = [
        int(text[-4:]) for text in page.locator(".start li:not(.learn) small").all_inner_texts()
    ]
    assert years == sorted(years)
    assert page.locator(".start svg").count() == 6
    links.last.click()
    expect(page).to_have_url(re.compile("/learn/"))
