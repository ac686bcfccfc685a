"""Model pages in a real browser: theme, tensors, downloads, calculator, phone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Locator, Page, expect

from llm_gallery.catalog.load import find
from llm_gallery.figure import ThemeName, draw
from tests.figure.kit.test_image import in_theme
from tests.site.conftest import MODEL, PHONE, Visit
from tests.site.pdf import texts


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
    cells = page.locator(".parts tfoot .n").all_text_contents()
    assert cells == ["79,674,391,296", "3,874,929,408"]


@pytest.mark.parametrize("visit", [{"width": 390, "script": False}], indirect=True)
def test_what_is_out_of_sight_is_not_laid_out(visit: Visit) -> None:
    """Neither the sections below, nor the figure of another level than a phone's."""
    page = visit.open(MODEL)
    laid = "part => part.checkVisibility({ contentVisibilityAuto: true })"
    cited = page.locator("#cite pre")
    assert not cited.evaluate(laid)
    page.locator(".acts a[href='#cite']").click()
    expect(cited).to_be_in_viewport()
    assert cited.evaluate(laid)
    expect(page.locator(".drawing[data-level=phone]")).to_be_visible()
    for level in ("column", "standard"):
        expect(page.locator(f".drawing[data-level={level}]")).to_be_hidden()


BOTH = pytest.mark.parametrize("visit", [{}, *PHONE], indirect=True)
HEIGHT = "document.documentElement.scrollHeight"


@BOTH
def test_a_page_is_as_high_as_it_says(visit: Visit) -> None:
    """Once nothing else is to do; before that it is nearly so."""
    page = visit.open(MODEL)
    announced = page.evaluate(HEIGHT)
    expect(page.locator(".late section:not(.laid)")).to_have_count(0)
    settled = page.evaluate(HEIGHT)
    assert 0.6 * settled < announced < 1.6 * settled
    page.evaluate(
        """() => { const sheet = new CSSStyleSheet();
        sheet.replaceSync(".late section { content-visibility: visible !important; }");
        document.adoptedStyleSheets = [sheet]; }"""
    )
    assert page.evaluate(HEIGHT) == settled


@BOTH
@pytest.mark.parametrize("model", ["qwen3-next-80b-a3b", "deepseek-v4-pro", "gpt2-xl"])
def test_the_tower_stands_in_the_first_screen(visit: Visit, model: str) -> None:
    page = visit.open(f"models/{model}/index.html")
    box = page.locator(".at-a-glance svg").bounding_box()
    assert box is not None
    assert box["width"] > 340
    assert (
        box["y"] + min(box["height"], 400) <= 844
    )  # of a phone's screen; the highest reach over it


def test_a_block_of_the_tower_is_asked_in_the_figure(visit: Visit) -> None:
    page = visit.open(MODEL)
    page.locator(".at-a-glance rect[data-path$=linear_attn]").first.click()
    expect(page.locator("#dock h2")).to_have_text("Gated DeltaNet")
    expect(page.locator("#dock")).to_be_in_viewport()


def test_contents_lead_to_their_sections(visit: Visit) -> None:
    page = visit.open(MODEL)
    links = page.locator(".on-page a")
    for anchor in [str(link.get_attribute("href")) for link in links.all()]:
        assert page.locator(f"section{anchor} h2, section{anchor}.figure").count() >= 1, anchor
    page.get_by_role("link", name="Does it fit?").click()
    heading = page.get_by_role("heading", name="Does it fit?")
    expect(heading).to_be_in_viewport()
    expect(page.locator(".on-page [aria-current]")).to_have_text("Does it fit?")
    bar, title = page.locator(".on-page").bounding_box(), heading.bounding_box()
    assert bar is not None
    assert title is not None
    assert bar["y"] + bar["height"] <= title["y"]


def figure(page: Page) -> Locator:
    """The line of downloads that has the standard figure."""
    return page.locator("#downloads li", has=page.get_by_role("link", name="PDF"))


def test_downloads(visit: Visit) -> None:
    page = visit.open(MODEL)
    for name in ("SVG", "PDF"):
        with page.expect_download() as caught:
            figure(page).get_by_role("link", name=name).click()
        held = Path(caught.value.path()).read_bytes()
        assert held.startswith({"SVG": b"<svg", "PDF": b"%PDF"}[name])


@pytest.mark.parametrize("theme", ["dark", "print"])
def test_a_figure_is_taken_away_in_a_theme(
    visit: Visit, whole_site: Path, theme: ThemeName
) -> None:
    page = visit.open(MODEL)
    with page.expect_download() as caught:
        figure(page).locator(f"[data-of-theme={theme}]").click()
    assert caught.value.suggested_filename == f"qwen3-next-80b-a3b-figure-{theme}.svg"
    image = (whole_site / MODEL).with_name("figure.svg").read_text("utf-8")
    assert Path(caught.value.path()).read_text("utf-8") == in_theme(image, theme)


def test_a_column_gets_its_letters_in_the_page(visit: Visit) -> None:
    """In each theme what its own file paints, with every letter's font."""
    page = visit.open(MODEL)
    name = "qwen3-next-80b-a3b"
    model = find(name)
    image = draw(model.architecture, model.heading, detail="column").image("none")
    said_of: tuple[tuple[str, ThemeName | None], ...]
    said_of = (("SVG", None), ("dark", "dark"), ("black and white", "print"))
    for said, theme in said_of:
        with page.expect_download() as caught:
            page.locator("#downloads li", has_text="column of text").get_by_text(said).click()
        ending = f"-{theme}" if theme else ""
        assert caught.value.suggested_filename == f"{name}-figure-column{ending}.svg"
        text = Path(caught.value.path()).read_text("utf-8")
        assert text.count("@font-face") == 4
        plain = re.sub(r"@font-face\{.*?\}", "", text)
        assert plain == (in_theme(image, theme) if theme else image)


def test_a_figure_with_shapes_is_made_of_the_drawing(visit: Visit) -> None:
    """With its name, which the page says above it, and every letter's font in it."""
    page = visit.open(MODEL)
    with page.expect_download() as caught:
        page.locator("[data-made=full]").click()
    assert caught.value.suggested_filename == "qwen3-next-80b-a3b-figure-full.svg"
    root = ElementTree.fromstring(Path(caught.value.path()).read_bytes())
    said = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert said[0] == "Qwen3-Next 80B-A3B"
    assert len(said) > 100
    style = root.findtext("{http://www.w3.org/2000/svg}style") or ""
    assert style.count("@font-face") == 4


def test_an_image_looks_like_the_outlined_figure(visit: Visit, whole_site: Path) -> None:
    """In the font that it carries, kerned as it was measured: hardly a pixel differs."""
    page = visit.open("about/index.html")
    name = "qwen3-next-80b-a3b"
    model = find(name)
    figure = draw(model.architecture, model.heading, detail="phone")
    for theme in get_args(ThemeName):
        lost = in_theme(figure.image(), theme).replace('"Inter,', '"Carried,')
        carried = lost.replace("font-family:Inter;", "font-family:Carried;")  # by nobody else
        apart, system = page.evaluate(APART, [carried, figure.alone(theme), lost])
        assert apart < 1.5
        assert system > 2 * apart  # where the fonts aren't read, it is seen


APART = """async (texts) => {
  const pixels = await Promise.all(texts.map(async (text) => {
    const image = new Image();
    image.src = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [2 * image.naturalWidth, 2 * image.naturalHeight];
    const pen = canvas.getContext("2d");
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    return pen.getImageData(0, 0, canvas.width, canvas.height).data;
  }));
  const [first, outlined, system] = pixels;
  const mean = (a, b) => a.reduce((sum, value, at) => sum + Math.abs(value - b[at]), 0) / a.length;
  return [mean(first, outlined), mean(system, outlined)];
}"""
"""How far images are from the second one, of 255."""


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


def test_the_page_leads_to_run_it(visit: Visit) -> None:
    """With the model set."""
    page = visit.open(MODEL)
    page.locator("#memory").get_by_role("link", name="Run it").click()
    expect(page.locator("[name=m]")).to_have_value("qwen3-next-80b-a3b")


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
    for selector in (".top", ".foot", ".acts", ".on-page", ".tool", "#tray"):
        for found in page.locator(selector).all():
            expect(found).to_be_hidden()
    expect(page.locator(".drawing:visible")).to_have_attribute("data-level", "column")
    assert min(texts(page.pdf(format="A4"))) > 20  # no page is empty, or nearly so


@pytest.mark.parametrize("visit", PHONE, indirect=True)
@pytest.mark.parametrize(
    "path", ["index.html", "index.html?view=table", MODEL, "definitions/index.html", "404.html"]
)
def test_no_page_is_wider_than_the_window(visit: Visit, path: str) -> None:
    page = visit.open(path)
    for width in (390, 320, 768):
        page.set_viewport_size({"width": width, "height": 900})
        seen = page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert seen[0] == seen[1], width
