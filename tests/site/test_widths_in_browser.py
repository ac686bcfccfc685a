"""A model's figure in a real browser is the one for its room; the reader can choose another."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from llm_gallery.site.plates import LEVELS
from tests.site.conftest import MODEL, Visit

ROOMS = [(320, "phone"), (375, "phone"), (768, "column"), (800, "column")]
ROOMS += [
    (1024, "column"),
    (1200, "column"),
    (1400, "column"),
    (1440, "standard"),
    (1920, "standard"),
]
"""Widths of windows, and what stands in them."""
LEAST_TYPE = """svg => {
  const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  const raised = "tspan[dy]:not([dy='0'])"; // exponents and indices
  const sizes = [...svg.querySelectorAll("text, tspan")].filter((text) => text.textContent.trim() && !text.matches(raised))
    .map((text) => parseFloat(getComputedStyle(text).fontSize) * scale);
  return Math.min(...sizes);
}"""
AT_THE_BOTTOM = """blocks => {
  const top = (block) => block.getBoundingClientRect().top;
  const highest = blocks.reduce((found, block) => (top(block) < top(found) ? block : found));
  highest.focus({ preventScroll: true });
  scrollBy({ top: top(highest.closest(".live")) - innerHeight * 0.75, behavior: "instant" });
  return [top(highest), highest.getBoundingClientRect().bottom, innerHeight];
}"""
"""Focuses the highest block and leaves it in the lowest quarter of the window."""
OVER = "box => box.scrollWidth - box.clientWidth"


def stands(page: Page, level: str) -> None:
    """That level is to be seen, and no other, and its button is pressed."""
    expect(page.locator(".drawing:visible")).to_have_attribute("data-level", level)
    expect(page.locator(".tool [aria-pressed=true]")).to_have_attribute("data-level", level)


@pytest.mark.parametrize("visit", [{"theme": "dark"}, {"script": False}], indirect=True, ids=str)
def test_the_figure_for_the_room_is_shown(visit: Visit) -> None:
    """By the style sheet: without scripts too. It has all the width, and nothing reaches over."""
    page = visit.open(MODEL)
    for width, level in ROOMS:
        page.set_viewport_size({"width": width, "height": 900})
        expect(page.locator(".drawing:visible")).to_have_attribute("data-level", level)
        assert page.locator("html").evaluate(OVER) == 0
        assert page.locator("#stage").evaluate(OVER) == 0


@pytest.mark.parametrize(
    "model", ["qwen3-next-80b-a3b", "llama-3-8b", "deepseek-v3", "gpt-oss-120b"]
)
def test_type_is_at_least_ten_pixels(visit: Visit, model: str) -> None:
    page = visit.open(f"models/{model}/index.html")
    for width in (375, 800, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.locator(".drawing:visible svg").evaluate(LEAST_TYPE) >= 10


def test_the_figure_follows_the_window(visit: Visit) -> None:
    page = visit.open(MODEL)
    for width, level in (*ROOMS, *ROOMS[::-1]):
        page.set_viewport_size({"width": width, "height": 900})
        stands(page, level)


@pytest.mark.parametrize("visit", [{"width": width} for width in (375, 800, 1440)], indirect=True)
def test_levels_are_chosen(visit: Visit) -> None:
    """Each can be had at each width, in a box of its own that scrolls where it has no room."""
    page = visit.open(MODEL)
    for level in (*LEVELS, *LEVELS[::-1]):
        page.locator(f".tool [data-level={level}]").click()
        stands(page, level)
        drawn = page.locator(".drawing:visible svg")
        expect(drawn).to_be_visible()
        assert drawn.evaluate(LEAST_TYPE) >= 10
        assert page.locator("html").evaluate(OVER) == 0


@pytest.mark.parametrize("visit", [{"width": 800}], indirect=True)
def test_a_chosen_level_stays_until_the_fitting_one_is_chosen(visit: Visit) -> None:
    page = visit.open(MODEL)
    page.locator(".tool [data-level=full]").click()
    page.set_viewport_size({"width": 375, "height": 900})
    stands(page, "full")
    page.locator(".tool [data-level=phone]").click()
    page.set_viewport_size({"width": 1920, "height": 900})
    stands(page, "standard")


@pytest.mark.parametrize("visit", [{"width": 375}, {"width": 800}], indirect=True)
def test_blocks_of_each_width_tell_what_they_are(visit: Visit) -> None:
    """Reached by the keyboard, with words of their own."""
    page = visit.open(MODEL)
    blocks = page.locator(".drawing:visible [data-path]:not(text)")
    assert blocks.count() > 8
    blocks.first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".dock")).to_be_in_viewport(ratio=1)
    expect(page.locator(".dock h2")).not_to_have_text("The whole model")
    page.keyboard.press("Escape")
    expect(page.locator(".dock h2")).to_have_text("The whole model")
    expect(blocks.nth(1)).to_be_focused()


@pytest.mark.parametrize("visit", [{"width": 800}], indirect=True)
def test_a_part_that_is_chosen_at_the_edge_of_the_window_brings_its_sheet(visit: Visit) -> None:
    """The sheet is away where little of the figure is to be seen, so more of the figure comes with it."""
    page = visit.open(MODEL)
    blocks = page.locator(".drawing:visible [data-path]:not(text)")
    blocks.first.focus()
    page.keyboard.press("ArrowRight")
    top, bottom, height = blocks.evaluate_all(AT_THE_BOTTOM)
    assert 0 < top < bottom <= height
    expect(page.locator(".dock")).not_to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator(".dock")).to_be_in_viewport(ratio=1)
    expect(page.locator(".dock h2")).not_to_have_text("The whole model")


@pytest.mark.parametrize(
    ("visit", "level"),
    [({"width": 375}, "phone"), ({"width": 768}, "column"), ({"width": 1440}, "standard")],
    indirect=["visit"],
)
@pytest.mark.parametrize(
    ("path", "fold"),
    [
        ("models/kimi-k2/index.html", "#from"),
        ("compare/index.html?m=deepseek-v3,kimi-k2", "#drawn"),
    ],
)
def test_the_difference_for_the_room_is_drawn(
    visit: Visit, level: str, path: str, fold: str
) -> None:
    """It alone is loaded; it is seen from edge to edge, and its type is large enough."""
    page = visit.open(path)
    page.locator(f"{fold} summary").click()
    drawn = page.locator(f"{fold} .changed svg")
    expect(drawn).to_have_count(1)
    assert drawn.evaluate("svg => svg.parentElement.dataset.level") == level
    assert drawn.evaluate(LEAST_TYPE) >= 10
    assert page.locator("html").evaluate(OVER) == 0
    drawn.evaluate("svg => svg.scrollIntoView({ block: 'center', behavior: 'instant' })")
    # What cuts it at its left edge would be met there in its place.
    met = """svg => {
      const { left, top, height } = svg.getBoundingClientRect();
      return svg.contains(document.elementFromPoint(Math.max(0, left) + 1, Math.min(innerHeight - 20, top + height / 2)));
    }"""
    assert drawn.evaluate(met)


@pytest.mark.parametrize("visit", [{"width": 1440}], indirect=True)
def test_the_difference_follows_the_window(visit: Visit) -> None:
    page = visit.open("models/kimi-k2/index.html")
    page.locator("#from summary").click()
    for width, level in ((1440, "standard"), (768, "column"), (375, "phone"), (1440, "standard")):
        page.set_viewport_size({"width": width, "height": 900})
        expect(page.locator(f"#from .changed [data-level={level}] svg")).to_be_visible()
        expect(page.locator("#from .changed svg:visible")).to_have_count(1)
