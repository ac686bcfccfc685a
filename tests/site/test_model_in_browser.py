"""Model pages in a real browser: level of detail, zoom, blocks, theme, tensors, phone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from llm_gallery.analysis.footprint import WEIGHT_FORMATS, numbers
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.catalog.concept import concepts
from llm_gallery.catalog.load import find
from tests.site.conftest import Visit, with_fonts

pytestmark = pytest.mark.browser
MODEL = "models/qwen3-next-80b-a3b/index.html"
PHONE = [{"width": 390}]


def width(page: Page) -> float:
    """Width of the drawing that is to be seen, in px."""
    box = page.locator(".drawing:visible svg").bounding_box()
    assert box is not None
    return box["width"]


def test_level_of_detail(visit: Visit) -> None:
    page = visit.open(MODEL)
    expect(page.locator(".drawing[data-level=standard]")).to_be_visible()
    page.locator("button[data-level=full]").click()
    expect(page.locator(".drawing[data-level=full] svg")).to_be_visible()
    page.locator("button[data-level=overview]").click()
    expect(page.locator(".drawing[data-level=overview] svg")).to_be_visible()
    expect(page.locator(".drawing:visible")).to_have_count(1)


def test_zoom_by_buttons_keys_and_wheel(visit: Visit) -> None:
    page = visit.open(MODEL)
    start = width(page)
    page.locator("[data-zoom=in]").click()
    expect(page.locator(".zoom output")).to_have_text("125%")
    assert width(page) == pytest.approx(start * 1.25, abs=1)
    page.locator("#stage").focus()
    page.keyboard.press("+")
    expect(page.locator(".zoom output")).to_have_text("156%")
    page.keyboard.press("0")
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
    x, y = before["left"] + before["width"] * 0.7, before["top"] + before["height"] * 0.3
    page.mouse.move(x, y)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -150)
    page.keyboard.up("Control")
    expect(page.locator(".zoom output")).to_have_text("212%")
    after = page.evaluate(place)
    assert (x - after["left"]) / after["width"] == pytest.approx(0.7, abs=0.004)
    assert (y - after["top"]) / after["height"] == pytest.approx(0.3, abs=0.004)


def test_drag_pans(visit: Visit) -> None:
    page = visit.open(MODEL)
    page.locator("[data-zoom=in]").click(click_count=1)
    page.locator("[data-zoom=in]").click(click_count=1)
    box = page.locator("#stage").bounding_box()
    assert box is not None
    before = page.evaluate("document.querySelector('#stage').scrollLeft")
    page.mouse.move(box["x"] + 600, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 500, box["y"] + 200, steps=4)
    page.mouse.up()
    assert page.evaluate("document.querySelector('#stage').scrollLeft") == before + 100


def dragged(page: Page, dx: int, dy: int) -> tuple[float, float]:
    """How far the drawing moves in its box, and the page in its window, when somebody drags it."""
    page.locator("#stage").scroll_into_view_if_needed()
    where = "[document.querySelector('#stage').scrollLeft, scrollY]"
    before = page.evaluate(where)
    box = page.locator("#stage").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, max(box["y"], 0) + 60
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


def test_drag_leaves_what_fits_alone(visit: Visit) -> None:
    page = visit.open(MODEL)
    assert dragged(page, -100, -50) == (0, 0)
    expect(page.locator("#stage")).not_to_have_class(re.compile("movable"))


@pytest.mark.parametrize("visit", [{"width": 360}, {"width": 390}, {}], indirect=True)
@pytest.mark.parametrize("level", ["overview", "standard", "full"])
def test_fit_shows_the_whole_figure(visit: Visit, level: str) -> None:
    page = visit.open(MODEL)
    page.locator(f"button[data-level={level}]").click()
    expect(page.locator(f".drawing[data-level={level}] svg")).to_be_visible()
    page.locator("[data-zoom=in]").click()
    page.locator("[data-zoom=fit]").click()
    seen = page.evaluate(
        """() => {
          const stage = document.querySelector("#stage");
          const [box, svg] = [stage, [...stage.querySelectorAll(".drawing svg")].find((one) => one.checkVisibility())].map((one) => one.getBoundingClientRect());
          return {
            over: [stage.scrollWidth - stage.clientWidth, stage.scrollHeight - stage.clientHeight],
            inside: svg.left >= box.left && svg.right <= box.right && svg.top >= box.top && svg.bottom <= box.bottom + 1,
          };
        }"""
    )
    assert seen == {"over": [0, 0], "inside": True}


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


SIZES = [(360, 640), (768, 1024), (1280, 900), (1920, 1080)]
INSIDE = """block => {
  const [own, over] = [block, document.querySelector(".panel")].map((e) => e.getBoundingClientRect());
  const inside = over.left >= 0 && over.top >= 0 && over.right <= innerWidth && over.bottom <= innerHeight;
  const apart = own.right <= over.left || over.right <= own.left || own.bottom <= over.top || over.bottom <= own.top;
  return [inside, apart];
}"""


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("path", [MODEL, "models/gemma-3-27b/index.html"])
def test_a_block_tells_in_view(visit: Visit, size: tuple[int, int], path: str) -> None:
    """By keyboard, wherever in the figure: in the window, beside the block; Escape goes back to it."""
    visit.page.set_viewport_size({"width": size[0], "height": size[1]})
    page = visit.open(path)
    page.locator("button[data-level=standard]").click()
    panel = page.locator(".panel")
    blocks = page.locator(".drawing[data-level=standard] [data-path]:not(text)")
    assert blocks.count() > 10
    for index in range(0, blocks.count(), 5):
        block = blocks.nth(index)
        block.evaluate("e => e.scrollIntoView({ block: 'center', behavior: 'instant' })")
        block.focus()
        page.keyboard.press("Enter" if index % 2 else " ")
        expect(panel).to_be_visible()
        expect(panel).to_be_focused()
        expect(panel.locator("h3 + code")).to_have_text(block.get_attribute("data-path") or "")
        assert block.evaluate(INSIDE) == [True, True]
        page.keyboard.press("Escape")
        expect(panel).to_be_hidden()
        expect(block).to_be_focused()


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_pressed_block_tells_in_view_when_zoomed(visit: Visit, size: tuple[int, int]) -> None:
    visit.page.set_viewport_size({"width": size[0], "height": size[1]})
    page = visit.open(MODEL)
    page.locator("button[data-level=standard]").click()
    for _ in range(3):
        page.locator("[data-zoom=in]").click()
    page.locator(".drawing[data-level=standard] rect[data-path$='.linear_attn']").first.click()
    panel = page.locator(".panel")
    expect(panel).to_be_in_viewport(ratio=1)
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_be_hidden()


def test_arrows_lead_from_block_to_block(visit: Visit) -> None:
    page = visit.open(MODEL)
    blocks = page.locator(".drawing[data-level=standard] [data-path]:not(text)")
    blocks.nth(0).focus()
    page.keyboard.press("ArrowRight")
    expect(blocks.nth(1)).to_be_focused()


def test_a_panel_says_what_a_part_is(visit: Visit) -> None:
    """Its meaning with the page of its concept, its parameters, shapes, and config keys with their evidence."""
    page = visit.open("models/deepseek-v3/index.html")
    page.locator(".drawing:visible rect[data-path='model.layers.3.mlp.experts']").first.click()
    panel = page.locator(".panel")
    expect(panel.locator("h3")).to_have_text("One of the routed experts")
    one, copies = 3 * 7168 * 2048, 58 * 256
    for said in (f"{one:,}", f"In all {copies:,} copies", f"{one * copies:,}", "7,168 × 2,048"):
        expect(panel).to_contain_text(said)
    expect(panel.locator("tr", has_text="Inner width")).to_contain_text(
        "moe_intermediate_size stated"
    )
    page.keyboard.press("Escape")
    page.locator(".drawing:visible rect[data-path='model.layers.0.self_attn']").first.click()
    expect(panel).to_contain_text(concepts()["multi-head-latent-attention"].text)
    panel.get_by_role("link", name="Multi-head latent attention").click()
    page.wait_for_url("**/concepts/multi-head-latent-attention/index.html")


def test_a_figure_in_a_comparison_tells_too(visit: Visit) -> None:
    page = visit.open("compare/index.html?m=deepseek-v3,kimi-k2")
    page.locator("#tool [data-level=standard]").click()
    page.locator("#figures li").last.locator("rect[data-path$='.self_attn']").first.click()
    panel = page.locator(".panel")
    expect(panel).to_be_in_viewport(ratio=1)
    expect(panel.locator("tr", has_text=re.compile("^Heads"))).to_contain_text(
        "64"
    )  # Kimi K2's, not V3's
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_theme_is_kept(visit: Visit) -> None:
    page = visit.open(MODEL)
    ground = "getComputedStyle(document.body).backgroundColor"
    drawn = "getComputedStyle(document.querySelector('.drawing[data-level=standard] text')).fill"
    light, light_text = page.evaluate(ground), page.evaluate(drawn)
    button = page.locator("#theme")
    expect(button).to_have_attribute("aria-label", "Theme: System")
    button.click()
    button.click()
    expect(button).to_have_attribute("aria-label", "Theme: Dark")
    assert page.evaluate(ground) != light
    assert page.evaluate(drawn) != light_text
    visit.open("index.html")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.locator("#theme").click()
    assert page.evaluate(ground) == light


@pytest.mark.parametrize("visit", [{"theme": "dark"}], indirect=True)
def test_theme_follows_the_system(visit: Visit) -> None:
    page = visit.open(MODEL)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(16, 18, 21)"


def test_tensors_are_searched(visit: Visit) -> None:
    page = visit.open(MODEL)
    page.locator("#tensors summary").click()
    page.locator("#tensor-search").fill("experts down_proj")
    rows = page.locator("#tensor-table tbody tr:visible")
    expect(rows).to_have_count(2)  # those of the layers and those of the prediction module
    for row in rows.all():
        assert re.search(r"experts.*down_proj", row.inner_text())


def test_sum_row_is_the_total(visit: Visit) -> None:
    page = visit.open(MODEL)
    cells = page.locator(".parts tfoot .n").all_inner_texts()
    assert cells == ["79,674,391,296", "3,874,929,408"]


def test_downloads(visit: Visit) -> None:
    page = visit.open(MODEL)
    for name in ("SVG", "PDF"):
        with page.expect_download() as caught:
            page.locator("#downloads li").first.get_by_role("link", name=name).click()
        held = Path(caught.value.path()).read_bytes()
        assert held.startswith({"SVG": b"<svg", "PDF": b"%PDF"}[name])


def test_png_of_what_is_shown(visit: Visit) -> None:
    page = visit.open(MODEL)
    with page.expect_download() as caught:
        page.locator("#save-png").click()
    assert caught.value.suggested_filename == "qwen3-next-80b-a3b.png"
    held = Path(caught.value.path()).read_bytes()
    assert held.startswith(b"\x89PNG")
    # Twice the drawing and its margin of 32 px, and more than one flat colour in it.
    assert int.from_bytes(held[16:20], "big") == 2 * (1200 + 64)
    assert len(held) > 100_000


def test_what_changed_is_drawn_when_asked_for(visit: Visit) -> None:
    page = visit.open(MODEL)
    expect(page.locator("#from svg")).to_have_count(0)
    page.locator("#from summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#from svg title").first).to_have_text(
        re.compile("^Difference of .* and Qwen3-Next")
    )


def test_relatives_lead_to_the_comparison(visit: Visit) -> None:
    page = visit.open(MODEL)
    page.locator("#family li a", has_text="Compare").first.click()
    expect(page.locator("#figures svg")).to_have_count(2)
    expect(page.locator("#names")).to_have_text(re.compile("Qwen3-Next 80B-A3B"))


def test_the_pages_own_calculator(visit: Visit) -> None:
    """The bytes that the library counts, in the page of the model."""
    root = find("qwen3-next-80b-a3b").architecture.root
    page = visit.open(MODEL)
    page.locator("[name=w]").select_option("int4")
    page.locator("[name=n]").fill("1000000")
    model, lookup, *_ = numbers(parameters(root)).values()
    int4 = WEIGHT_FORMATS["int4"]
    total = int4.bytes(model) + int4.bytes(lookup) + cache(root).at(1_000_000)
    expect(page.locator("[data-exact]")).to_have_text(f"{total:,} B")


def test_lines_to_copy(visit: Visit) -> None:
    page = visit.open(MODEL)
    address = f"{visit.address}/embed/qwen3-next-80b-a3b.js"
    expect(page.locator("#embed")).to_have_text(f'<script src="{address}"></script>')
    assert page.request.get(address).ok
    page.get_by_role("link", name="Change a value").click()
    page.wait_for_url("**/describe/index.html?m=qwen3-next-80b-a3b")


def test_printed_page_has_nothing_to_press(visit: Visit) -> None:
    page = visit.open(MODEL)
    page.emulate_media(media="print")
    for selector in (".top", ".foot", ".acts", ".tool", "#memory form", "#tray"):
        for found in page.locator(selector).all():
            expect(found).to_be_hidden()
    expect(page.locator(".drawing[data-level=standard] svg")).to_be_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.parametrize("visit", PHONE, indirect=True)
def test_phone_starts_at_the_overview(visit: Visit) -> None:
    page = visit.open(MODEL)
    expect(page.locator(".drawing[data-level=overview]")).to_be_visible()
    page.locator("button[data-level=standard]").click()
    assert width(page) == 1000  # readable, inside a box of its own that scrolls
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("visit", [*PHONE, {"width": 320}, {"width": 768}], indirect=True)
@pytest.mark.parametrize(
    "path", ["index.html", "index.html?view=table", MODEL, "definitions/index.html", "404.html"]
)
def test_no_page_is_wider_than_the_window(visit: Visit, path: str) -> None:
    page = visit.open(path)
    seen = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert seen[0] == seen[1]


def test_reads_from_disk(browser: Browser, site: Path) -> None:
    """Files opened without a server: pages, styles, filters and links work."""
    page = browser.new_page()
    page.goto((site / "index.html").as_uri())
    page.locator("#q").fill("qwen3-next")
    expect(page.locator(".card:visible")).to_have_count(1)
    page.locator(".card:visible h2 a").click()
    expect(page.locator("h1")).to_have_text("Qwen3-Next 80B-A3B")
    assert page.evaluate("getComputedStyle(document.querySelector('.headline')).display") == "flex"
    with_fonts(page)
    page.locator("button[data-level=full]").click()
    expect(page.locator(".drawing[data-level=full] svg")).to_be_visible()
    page.close()


def pages(site: Path) -> list[str]:
    """Every page, and one of each kind that there are many of."""
    kinds = ("models/*/", "concepts/*/")
    many = {found for kind in kinds for found in site.glob(f"{kind}index.html")}
    kept = set(site.glob("**/*.html")) - many - {site / "404.html"}  # which a server sends
    kept |= {next(iter(sorted(site.glob(f"{kind}index.html")))) for kind in kinds}
    return sorted(str(page.relative_to(site)) for page in kept)


def test_from_disk_nothing_complains(browser: Browser, site: Path) -> None:
    """Fonts, scripts and sheets load without a server, and no page warns of one that it asked for in vain."""
    said: list[str] = []
    for path in pages(site):
        page = browser.new_page()
        heard: list[str] = []
        page.on("console", lambda message, heard=heard: heard.append(message.text))  # type: ignore[call-overload]
        page.on("pageerror", lambda error, heard=heard: heard.append(str(error)))  # type: ignore[call-overload]
        page.on("requestfailed", lambda asked, heard=heard: heard.append(asked.url))  # type: ignore[call-overload]
        page.goto((site / path).as_uri())
        with_fonts(page)
        page.close()
        said += [f"{path}: {text}" for text in heard]
    assert said == []
