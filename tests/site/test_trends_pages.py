"""The pages of what may come next and of the years say what the library says, and link to what is there."""

from __future__ import annotations

import re

import pytest

from llm_gallery.analysis.units import is_trillion
from llm_gallery.site import next_page, render, trends_page, year_page
from llm_gallery.site.page import Document
from llm_gallery.trends.candidates import reviews
from llm_gallery.trends.evidence import evidence
from llm_gallery.trends.year_report import told_years
from tests.described_catalog import site


def text(html: str) -> str:
    """What is read, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def trends() -> Document:
    """The page of trends."""
    (page,) = (one for one in trends_page.pages(site()) if isinstance(one, Document))
    return page


@pytest.fixture(scope="module")
def coming() -> str:
    (page,) = next_page.pages(site())
    return render.html(page, ()).decode()


@pytest.fixture(scope="module")
def years() -> dict[str, str]:
    return {page.path: render.html(page, ()).decode() for page in year_page.pages(site())}


def test_candidates_stand_in_their_order(coming: str) -> None:
    shown = re.findall(r"<li><h3>.*?concepts/([^/]+)/index.html", coming)
    assert shown == [one.concept.id for one in evidence(site().trends.designs)]


def test_every_measurement_is_linked(coming: str) -> None:
    for one in evidence(site().trends.designs):
        for held in one.ablations:
            assert f'href="{held.link}"' in coming


def test_the_past_is_told_whole(coming: str) -> None:
    past = reviews(site().trends.designs)
    rows = coming.count('<th scope="row">')
    assert rows == sum(len(one.judged) for one in past)
    for one in past:
        assert f'<td class="n quiet">{one.quarter}</td>' in coming


def test_years_are_those_that_are_told(years: dict[str, str]) -> None:
    told = told_years(site().trends)
    assert set(years) == {f"trends/{year}/index.html" for year in told}
    for path, html in years.items():
        others = [year for year in told if f"/{year}/" not in path]
        assert all(f'href="../{year}/index.html"' in html for year in others)


def test_a_year_names_models_that_exist(years: dict[str, str]) -> None:
    known = {shown.id for shown in site().models}
    for html in years.values():
        assert set(re.findall(r"models/([^/]+)/index.html", html)) <= known
        assert "The recipe, and who deviates" in text(html)
        assert html.count('role="group"') == 5, "a chart for each number"


@pytest.mark.whole
def test_the_map_and_its_table_have_every_design_once() -> None:
    page = trends()
    html = render.html(page, ()).decode()
    section = html[html.index('<section id="map">') :]
    section = section[: section.index("</section>")]
    wide, narrow = section.split('<div class="design-map narrow-map">')
    narrow, table = narrow.split("<details")
    designs = sorted(one.first.id for one in site().trends.designs)
    for part in (wide, narrow):
        assert sorted(re.findall(r'href="\.\./models/([^/]+)/index\.html"', part)) == designs
    assert sorted(re.findall(r'<th scope="row"><a href="[^"]*models/([^/]+)/', table)) == designs
    assert "Stress 0." in text(section)


def test_pages_say_up_to_which_day_models_go(coming: str, years: dict[str, str]) -> None:
    newest = max(shown.exhibit.entry.released for shown in site().models)
    day = f"{newest.day} {newest:%B %Y}"
    page = trends()
    assert f"up to {day};" in text(render.html(page, ()).decode())
    assert f"By models up to {day}." in text(coming)
    assert f"came in {newest.year} up to {day}," in text(years[f"trends/{newest.year}/index.html"])


def test_the_page_of_a_year_links_every_model_of_an_answer(years: dict[str, str]) -> None:
    over = [m for m in site().trends.sizes if is_trillion(m.total)]
    html = years[f"trends/{site().trends.until.year}/index.html"]
    line = html.split("The trillion-parameter line</h3>")[1].split("</details>")[0]
    assert all(f"models/{one.model}/index.html" in line for one in over)
    assert not re.search(r"\bfirst in\b", text(html))
