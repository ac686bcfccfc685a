"""The sheets of many models, poster and timeline, in a real browser: what they open at, zoom, find, and leads on."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from llm_gallery.catalog.load import entries
from tests.site.conftest import Visit

SHEETS = ["poster/index.html", "timeline/index.html"]
NAMES = {entry.name: entry.id for entry in entries()}
VISIBLE = """() => {
  const box = document.getElementById("stage").getBoundingClientRect();
  const inside = ({ left, right, top, bottom }) =>
    left >= box.left && right <= box.right && top >= box.top && bottom <= Math.min(box.bottom, innerHeight);
  return [...document.querySelectorAll(".drawing-sheet [data-name]")]
    .filter((name) => inside(name.getBoundingClientRect())).map((name) => name.dataset.name);
}"""


def visible(page: Page) -> list[str]:
    """Names of models that can be seen in the box without scrolling."""
    found: list[str] = page.evaluate(VISIBLE)
    return found


@pytest.mark.parametrize("visit", [{}, {"width": 390, "theme": "dark"}], indirect=True)
@pytest.mark.parametrize("path", SHEETS)
def test_opens_with_models_to_be_seen(visit: Visit, path: str) -> None:
    page = visit.open(path)
    assert len(visible(page)) >= 2
    assert page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"]  # type: ignore[index]


@pytest.mark.parametrize("path", SHEETS)
def test_every_model_is_on_the_sheet_and_in_words(visit: Visit, path: str) -> None:
    page = visit.open(path)
    drawn = page.locator(".drawing-sheet [data-name]").evaluate_all(
        "names => names.map(name => name.dataset.name)"
    )
    assert set(drawn) == set(NAMES)
    listed = page.locator("#named a").all_text_contents()
    assert sorted(listed) == sorted(NAMES)


@pytest.mark.parametrize("path", SHEETS)
def test_a_model_is_found_and_large_enough_to_read(visit: Visit, path: str) -> None:
    page = visit.open(path)
    page.locator("#find").fill("GPT-2 XL")
    assert "GPT-2 XL" in visible(page)
    box = page.locator('.drawing-sheet [data-name="GPT-2 XL"]').first.bounding_box()
    assert box is not None
    assert box["height"] >= 11
    page.locator("#find").fill("nothing of this name")
    expect(page.locator(".drawing-sheet .on")).to_have_count(0)


@pytest.mark.parametrize("path", SHEETS)
def test_deep_zoom(visit: Visit, path: str) -> None:
    """By buttons, keys and the wheel; what lies under the pointer stays there."""
    page = visit.open(path)
    percent = page.locator(".zoom output")
    page.locator("#stage").focus()
    page.keyboard.press("0")
    whole = percent.inner_text()
    width = "document.querySelector('.drawing-sheet svg').getBoundingClientRect().width"
    fitted = page.evaluate(width)
    page.locator("[data-zoom=in]").click()
    assert page.evaluate(width) == pytest.approx(1.5 * fitted, abs=1)
    page.locator("[data-zoom=fit]").click()
    expect(percent).to_have_text(whole)
    if whole != "100%":  # narrower than its box, which leaves nothing to scroll
        page.reload()
    whole = percent.inner_text()
    name = visible(page)[0]
    spot = page.locator(f'.drawing-sheet [data-name="{name}"]').first
    before = spot.bounding_box()
    assert before is not None
    page.mouse.move(before["x"] + 1, before["y"] + 1)
    page.keyboard.down("Control")
    for _ in range(6):
        page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    expect(percent).not_to_have_text(whole)
    after = spot.bounding_box()
    assert after is not None
    assert after["height"] > 2 * before["height"]
    assert abs(after["x"] - before["x"]) < 40
    assert abs(after["y"] - before["y"]) < 40


@pytest.mark.parametrize("path", SHEETS)
def test_a_name_opens_its_model(visit: Visit, path: str) -> None:
    page = visit.open(path)
    name = visible(page)[0]
    page.locator(f'.drawing-sheet [data-name="{name}"]').first.click()
    page.wait_for_url(f"**/models/{NAMES[name]}/index.html")


@pytest.mark.parametrize("visit", [{"script": False}], indirect=True)
@pytest.mark.parametrize("path", SHEETS)
def test_without_scripts(visit: Visit, path: str) -> None:
    page = visit.open(path)
    assert len(visible(page)) >= 2
    expect(page.locator(".sheet-bar")).to_be_hidden()


@pytest.mark.parametrize("path", SHEETS)
def test_in_print_the_sheet_is_whole(visit: Visit, path: str) -> None:
    page = visit.open(path)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1123, "height": 794})
    drawing = page.locator(".drawing-sheet svg").bounding_box()
    box = page.locator("#stage").bounding_box()
    assert drawing is not None
    assert box is not None
    assert drawing["width"] <= 1123
    assert drawing["height"] <= box["height"] + 1
