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


@pytest.mark.parametrize("visit", [{}, {"width": 390}], indirect=True)
def test_the_timeline_opens_whole_with_its_axes(visit: Visit) -> None:
    """All towers are in the first window, with years and sizes that can be read; zoomed they stay in view."""
    page = visit.open("timeline/index.html")
    assert set(visible(page)) == set(NAMES)
    stage = page.locator("#stage")
    assert stage.evaluate("stage => stage.scrollWidth <= stage.clientWidth")
    for axis in (".dates", ".counts"):
        assert page.locator(f".axis{axis} text:visible").count() >= 4
        sizes = page.locator(f".axis{axis} text").evaluate_all(
            "texts => texts.map((text) => parseFloat(getComputedStyle(text).fontSize))"
        )
        assert min(sizes) >= 11
    for _ in range(4):
        page.locator("[data-zoom=in]").click()
    box, dates, counts = (
        page.locator(f"#stage{inside}").bounding_box() for inside in ("", " .dates", " .counts")
    )
    assert box
    assert dates
    assert counts
    assert dates["y"] == pytest.approx(box["y"], abs=2)
    assert counts["x"] == pytest.approx(box["x"], abs=2)
    assert dates["width"] == pytest.approx(
        page.locator(".to-scale > .drawn").evaluate("drawn => drawn.getBoundingClientRect().width"),
        abs=1,
    )


def test_ticks_stand_where_days_and_sizes_do(visit: Visit) -> None:
    """The line of a year runs under its word: GPT-OSS of August 2025 stands between Q3 and Q4 of that year."""
    page = visit.open("timeline/index.html")
    words = page.locator(".axis.dates text").evaluate_all(
        "texts => texts.map((text) => [text.textContent, text.getBoundingClientRect()]).map(([said, { x, width }]) => [said, x + width / 2])"
    )
    year = [said for said, _ in words].index("2025")
    tower = page.locator('rect[data-name="gpt-oss 120B"]').bounding_box()
    assert tower
    assert min(x for said, x in words if said == "Q3" and x > words[year][1]) < tower["x"]
    assert tower["x"] < min(x for said, x in words if said == "Q4" and x > words[year][1])


@pytest.mark.parametrize(
    ("ending", "magic"), [("pdf", b"%PDF-"), ("png", b"\x89PNG"), ("svg", b"<svg")]
)
def test_the_poster_is_a_file(visit: Visit, ending: str, magic: bytes) -> None:
    page = visit.open("poster/index.html")
    link = page.get_by_role("link", name=ending.upper(), exact=True).get_attribute("href")
    answer = page.request.get(f"{visit.address}/poster/{link}")
    assert answer.ok
    assert answer.body().startswith(magic)


@pytest.mark.parametrize("visit", [{"theme": "dark"}], indirect=True)
def test_in_the_dark_no_ground_of_the_poster_is_light(visit: Visit) -> None:
    page = visit.open("poster/index.html")
    light = page.locator(".drawing-sheet rect").evaluate_all(
        """boxes => boxes.filter((box) => {
          const { width, height } = box.getBBox();
          const shown = /rgb\\((\\d+), (\\d+), (\\d+)\\)/.exec(getComputedStyle(box).fill);
          return width * height > 20000 && shown && shown.slice(1).every((part) => part > 128);
        }).length"""
    )
    assert light == 0


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
    box = page.locator('.drawing-sheet text[data-name="GPT-2 XL"]').first.bounding_box()
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
    width = "document.querySelector('.drawing-sheet > .drawn').getBoundingClientRect().width"
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
    drawing = page.locator(".drawing-sheet > .drawn").bounding_box()
    box = page.locator("#stage").bounding_box()
    assert drawing is not None
    assert box is not None
    assert drawing["width"] <= 1123
    assert drawing["height"] <= box["height"] + 1
