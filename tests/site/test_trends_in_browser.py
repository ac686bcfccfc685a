"""Trends and concepts in a real browser: a model in all charts, points that lead on, numbers that are the library's."""

from __future__ import annotations

import csv
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect

from llm_gallery.architecture.block import layers
from llm_gallery.catalog.load import entries, find
from llm_gallery.concepts import concepts
from llm_gallery.figure.sheets.trend_charts import QUARTERS
from llm_gallery.site.contents import Site
from tests.described_catalog import site
from tests.site.conftest import Visit

LATENT = "multi-head-latent-attention"


@pytest.fixture(scope="module")
def held() -> Site:
    return site()


def test_a_model_is_found_in_every_chart(visit: Visit) -> None:
    page = visit.open("trends/sizes/index.html")
    page.locator("#pick").fill("Kimi K2")
    said = page.locator("#picked")
    model = find("kimi-k2")
    expect(said).to_contain_text("parameters 1.03T")
    expect(said).to_contain_text("experts 8 of 384")
    expect(said).to_contain_text(f"layers {len(layers(model.architecture.root))} layers")
    charts = page.locator("#sizes figure:has(a[href*='/kimi-k2/'])").count()
    assert page.locator("#sizes a.on").count() == charts
    page.locator("#picked a").click()
    page.wait_for_url("**/models/kimi-k2/index.html")


def test_a_point_tells_and_leads_on(visit: Visit) -> None:
    page = visit.open("trends/index.html")
    page.locator(".sizes").get_by_role("link", name="GPT-2 XL").first.press("Enter")
    page.wait_for_url("**/models/gpt2-xl/index.html")
    page = visit.open("trends/sizes/index.html")
    point = page.locator("#sizes a[href*='gpt2-xl']").first
    point.hover()
    expect(page.locator("#picked")).to_contain_text("GPT-2 XL")
    point.click()
    page.wait_for_url("**/models/gpt2-xl/index.html")


@pytest.mark.parametrize("path", ["trends/index.html", "trends/sizes/index.html"])
def test_every_point_lies_in_its_chart(visit: Visit, path: str) -> None:
    page = visit.open(path)
    outside = page.evaluate(
        """() => [...document.querySelectorAll(".sizes circle")].filter((circle) => {
          const [x, y] = [circle.cx.baseVal.value, circle.cy.baseVal.value];
          const { width, height } = circle.ownerSVGElement.viewBox.baseVal;
          return x < 0 || x > width || y < 0 || y > height;
        }).length"""
    )
    assert outside == 0


def lit(page: Page, chart: str) -> set[str]:
    """Models whose points in a chart aren't pale."""
    found = page.locator(f'.sizes [data-name="{chart}"] svg a:not(.out)').all()
    return {(point.get_attribute("href") or "").split("/")[-2] for point in found}


def test_charts_of_one_maker_and_one_size(visit: Visit, held: Site) -> None:
    """Points and columns are those of the models meant; the choice is in the address, and none brings all back."""
    page = visit.open("trends/index.html")
    everything = lit(page, "total")
    columns = page.locator(".small-bars rect:visible").count()
    page.locator("#maker").select_option("deepseek")
    own = {e.entry.id for e in held.exhibits if e.entry.organization == "DeepSeek"}
    expect(page.locator("#chosen")).to_contain_text(f"{len(own)} models")
    assert lit(page, "total") == own
    designs = [one for one in held.trends.designs if one.first.id in own]
    recent = {quarter.quarter for quarter in held.trends.quarters[-QUARTERS:]}
    for figure in page.locator(".small-bars figure").all():
        concept = figure.get_attribute("data-name") or ""
        told = figure.locator("rect:visible title").all_text_contents()
        having = [one for one in designs if concept in one.concepts and one.quarter in recent]
        assert sum(int(title.split()[0]) for title in told) == len(having)
    page.locator("#size").select_option("from-100b")
    large = {e.entry.id for e in held.exhibits if e.parameters.total >= 10**11} & own
    expect(page.locator("#chosen")).to_contain_text(f"{len(large)} models")
    assert lit(page, "total") == large
    assert page.url.endswith("?maker=deepseek&size=from-100b")
    page.reload()
    expect(page.locator("#chosen")).to_contain_text(f"{len(large)} models")
    for name in ("maker", "size"):
        page.locator(f"#{name}").select_option("")
    expect(page.locator("#chosen")).to_be_empty()
    assert lit(page, "total") == everything
    assert page.locator(".small-bars rect:visible").count() == columns
    assert "?" not in page.url


@pytest.mark.parametrize("path", ["trends/index.html", "trends/sizes/index.html"])
def test_a_chart_as_svg_and_as_csv(visit: Visit, path: str, held: Site) -> None:
    page = visit.open(path)
    figure = page.locator('.sizes [data-name="cache_bytes_per_token_long"]')
    with page.expect_download() as got:
        figure.get_by_role("button", name="SVG").click()
    assert got.value.suggested_filename == "cache_bytes_per_token_long.svg"
    drawn = ElementTree.parse(got.value.path()).getroot()
    points = drawn.findall(".//{http://www.w3.org/2000/svg}circle")
    address = figure.get_by_role("link", name="CSV").evaluate("link => link.href")
    rows = list(csv.DictReader(page.request.get(address).text().splitlines()))
    assert len(points) == len(rows)
    numbers = {one.model: one.cache_bytes_per_token_long for one in held.trends.sizes}
    makers = {e.entry.id: e.entry.organization for e in held.exhibits}
    for row in rows:
        assert int(row["cache_bytes_per_token_long"]) == numbers[row["id"]]
        assert row["maker"] == makers[row["id"]]
        classes = {"under 10B": (0, 10**10), "10B to 100B": (10**10, 10**11)}
        low, high = classes.get(row["size"], (10**11, 10**15))
        assert low <= int(row["total"]) < high


def test_adoption_as_csv_adds_up_to_the_chart(visit: Visit, held: Site) -> None:
    page = visit.open("trends/index.html")
    text = page.request.get(f"{visit.address}/trends/data/adoption.csv").text()
    rows = list(csv.DictReader(text.splitlines()))
    assert {row["concept"] for row in rows} == {
        figure.get_attribute("data-name") for figure in page.locator(".small-bars figure").all()
    }
    for quarter in held.trends.quarters:
        for concept in {row["concept"] for row in rows}:
            own = [r for r in rows if (r["concept"], r["quarter"]) == (concept, quarter.quarter)]
            assert sum(int(row["designs"]) for row in own) == quarter.designs
            assert sum(int(row["having"]) for row in own) == quarter.design_counts.get(concept, 0)


def test_what_a_concept_page_says(visit: Visit, held: Site) -> None:
    concept = concepts()[LATENT]
    users = [e for e in held.exhibits if LATENT in e.concepts]
    first = min(users, key=lambda e: (e.entry.released, e.entry.id))
    page = visit.open("concepts/index.html")
    page.get_by_role("link", name=concept.name, exact=True).click()
    expect(page.locator("h1")).to_contain_text(concept.name)
    expect(page.locator(".lesson-title p")).to_contain_text(concept.text)
    users_of = page.locator("#users")
    expect(users_of.get_by_role("link", name=concept.paper.title)).to_have_attribute(
        "href", concept.paper.link
    )
    expect(users_of).to_contain_text(first.entry.name)
    expect(users_of).to_contain_text(f"{len(users)} models")
    for width, drawn in ((375, "343"), (1440, "500")):  # a drawing for each room
        page.set_viewport_size({"width": width, "height": 900})
        svg = page.locator(".drawn-steps .room:visible svg").first
        expect(svg).to_have_attribute("width", drawn)
        assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.locator(".by-year a").count() == len(users)
    users_of.get_by_role("link", name=f"{len(users)} models").click()
    expect(page.locator(".card:visible")).to_have_count(len(users))


def test_adoption_counts_every_user_once(visit: Visit, held: Site) -> None:
    """The bars of all quarters together are the designs that have the concept, but those before the chart."""
    page = visit.open(f"concepts/{LATENT}/index.html")
    titles = page.locator(".chart-wide rect title").all_text_contents()
    counts = [int(title.split()[0]) for title in titles]
    assert sum(counts) == held.trends.appearance(LATENT).designs
    models = [int(title.split("; ")[1].split()[0]) for title in titles]
    assert sum(models) <= len([e for e in held.exhibits if LATENT in e.concepts])


def test_the_map_fits_its_room_leads_on_and_is_a_table_too(visit: Visit) -> None:
    page = visit.open("trends/index.html")
    wide, narrow = page.locator(".wide-map"), page.locator(".narrow-map")
    expect(wide).to_be_visible()
    expect(narrow).to_be_hidden()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(wide).to_be_hidden()
    expect(narrow).to_be_visible()
    page.get_by_text("The map as a table").click()
    row = page.locator("#map tr", has=page.get_by_role("rowheader", name="DeepSeek V3.2"))
    expect(row).to_contain_text("DeepSeek V3")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    narrow.locator("a[href*='gpt2-xl']").press("Enter")  # others may lie over a point
    page.wait_for_url("**/models/gpt2-xl/index.html")


@pytest.mark.parametrize("visit", [{"width": 390, "theme": "dark"}], indirect=True)
@pytest.mark.parametrize(
    "path",
    [
        "trends/index.html",
        "trends/sizes/index.html",
        "trends/next/index.html",
        "trends/2026/index.html",
        "concepts/index.html",
        f"concepts/{LATENT}/index.html",
    ],
)
def test_on_a_phone_nothing_is_wider_than_the_window(visit: Visit, path: str) -> None:
    page = visit.open(path)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("visit", [{"script": False}], indirect=True)
def test_without_scripts(visit: Visit) -> None:
    page = visit.open("trends/index.html")
    page.get_by_role("link", name="All sizes over time").first.click()
    expect(page.locator("h1")).to_have_text("Sizes over time")
    expect(page.locator("#pick")).to_be_hidden()
    links = page.locator("#sizes figure").first.locator("svg a")
    assert links.count() == len(entries())


@pytest.mark.parametrize("visit", [{"width": 390}], indirect=True)
def test_what_is_out_of_sight_is_not_laid_out(visit: Visit) -> None:
    """Thousands of points in a dozen charts: at once they were most of half a second on a slow phone."""
    page = visit.open("trends/sizes/index.html")
    laid = "chart => chart.checkVisibility({ contentVisibilityAuto: true })"
    last = page.locator(".sizes figure svg").last
    assert not last.evaluate(laid)
    # What is laid out on the way, and the font that arrives, move it: a reader scrolls on.
    reached = f"""chart => {{
      chart.scrollIntoView({{ block: "center" }});
      const {{ top, bottom }} = chart.getBoundingClientRect();
      return bottom > 0 && top < innerHeight && ({laid})(chart);
    }}"""
    page.wait_for_function(reached, arg=last.element_handle())
