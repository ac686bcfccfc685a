"""The gallery in a real browser: search, filters, order, address, keys, phone and no JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from llm_gallery.catalog.load import entries
from tests.site.conftest import Visit

pytestmark = pytest.mark.browser
TOTAL = len(entries())
PHONE = [{"width": 390}]


def shown(page: Page) -> list[str]:
    """Ids of the cards that are to be seen, in their order."""
    return [card.get_attribute("data-id") or "" for card in page.locator(".card:visible").all()]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("mla", {"deepseek-v3", "kimi-k2"}),
        ("mla moe under 700b", {"deepseek-v3"}),
        ("mla moe under 40b", set()),
        ("moe under 40b", {"nemotron-3-nano-30b-a3b", "gpt-oss-20b"}),
        ("moonshot", {"kimi-k2"}),
        ("gemma", {"gemma-3-27b"}),
        ("Qwen3-Next", {"qwen3-next-80b-a3b"}),
        ("mamba", {"nemotron-3-nano-30b-a3b"}),
        ("learned positions", {"gpt2-xl"}),
        ("moe active under 5b", {"gpt-oss-20b", "nemotron-3-nano-30b-a3b", "qwen3-next-80b-a3b"}),
        ("context over 500k", {"llama-4-maverick", "nemotron-3-nano-30b-a3b"}),
        ("hybrid cache under 10 KiB", {"nemotron-3-nano-30b-a3b"}),
        ("dense 20b-40b", {"gemma-3-27b", "qwen3-32b"}),
        ("before 2020", {"gpt2-xl"}),
        ("deepsek", {"deepseek-v3"}),
        ("mla -kimi", {"deepseek-v3"}),
        ("nothing like this", set()),
    ],
)
def test_search(visit: Visit, query: str, found: set[str]) -> None:
    page = visit.open("index.html")
    page.locator("#q").fill(query)
    assert set(shown(page)) == found
    expect(page.locator("#nothing")).to_be_visible(visible=not found)
    expect(page.locator("#count")).to_have_text(f"{len(found)} of {TOTAL} models")


def test_search_as_you_type(visit: Visit) -> None:
    page = visit.open("index.html")
    page.locator("#q").press_sequentially("kimi")
    expect(page.locator(".card:visible")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".card:visible")).to_have_count(TOTAL)


def test_facets_narrow_and_count(visit: Visit) -> None:
    page = visit.open("index.html")
    moe = page.locator("input[name=kind][value=mixture-of-experts]")
    moe.check()
    expect(page.locator(".card:visible")).to_have_count(8)
    page.locator("input[name=org][value=openai]").check()
    assert shown(page) == ["gpt-oss-20b"]
    # Answers to another question say how many would be left; those to the same one are alternatives.
    dense = page.locator("label.option", has=page.locator("input[name=kind][value=dense]"))
    expect(dense.locator("[data-count]")).to_have_text("1")
    page.locator(".status [data-clear]").click()
    expect(page.locator(".card:visible")).to_have_count(TOTAL)
    expect(moe).not_to_be_checked()


def test_key_filters_by_mechanism(visit: Visit) -> None:
    page = visit.open("index.html")
    page.locator("[data-mechanism=linear]").first.click()
    assert set(shown(page)) == {"qwen3-next-80b-a3b", "nemotron-3-nano-30b-a3b"}
    page.locator(".key [data-mechanism=mlp]").click()
    expect(page.locator(".card:visible")).to_have_count(0)


@pytest.mark.parametrize(
    ("order", "first", "last"),
    [
        ("date", "nemotron-3-nano-30b-a3b", "gpt2-xl"),
        ("name", "deepseek-v3", "smollm3-3b"),
        ("total", "kimi-k2", "qwen3-0.6b"),
        ("active", "deepseek-v3", "qwen3-0.6b"),
        ("cache", "olmo-3-7b", "nemotron-3-nano-30b-a3b"),
    ],
)
def test_sort(visit: Visit, order: str, first: str, last: str) -> None:
    page = visit.open("index.html")
    page.locator("#sort").select_option(order)
    ids = shown(page)
    assert (ids[0], ids[-1]) == (first, last)
    assert len(ids) == TOTAL


def test_address_holds_everything(visit: Visit) -> None:
    page = visit.open("index.html")
    page.locator("#q").fill("moe")
    page.locator("[data-mechanism=latent]").first.click()
    page.locator("input[name=year][value='2025']").check()
    page.locator("#most").fill(page.locator("#most").get_attribute("max") or "")
    page.locator("#least").fill("118")
    page.locator("#sort").select_option("total")
    page.locator("button[data-view=table]").click()
    before = shown(page)
    assert before == ["kimi-k2"]
    address = page.url
    for part in ("q=moe", "mechanism=latent", "year=2025", "least=118", "sort=total", "view=table"):
        assert part in address
    other = visit.page.context.new_page()
    other.goto(address)
    assert shown(other) == before
    expect(other.locator("#q")).to_have_value("moe")
    expect(other.locator("#sort")).to_have_value("total")
    expect(other.locator("button[data-view=table]")).to_have_attribute("aria-pressed", "true")
    assert other.url == address


@pytest.mark.parametrize(
    "query", ["?q=%00%ff&sort=nonsense&least=999&view=x&kind=..", "?mechanism=<script>&most=-1"]
)
def test_rubbish_in_the_address_is_harmless(visit: Visit, query: str) -> None:
    page = visit.open("index.html" + query)
    expect(page.locator("#sort")).to_have_value("date")
    assert "least" not in page.url
    assert "most" not in page.url


def test_back_brings_the_search_back(visit: Visit) -> None:
    page = visit.open("index.html")
    page.locator("#q").fill("kimi")
    page.locator(".card:visible h2 a").click()
    expect(page.locator("h1")).to_have_text("Kimi K2")
    page.go_back()
    assert shown(page) == ["kimi-k2"]
    expect(page.locator("#q")).to_have_value("kimi")


def test_keyboard_path(visit: Visit) -> None:
    page = visit.open("index.html")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("qwen3")
    page.keyboard.press("ArrowDown")
    links = page.locator(".card:visible h2 a")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(links.nth(3)).to_be_focused()  # three a row, four in all: the last one
    page.keyboard.press("Home")
    expect(links.nth(0)).to_be_focused()
    name = links.nth(0).inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(name)


def test_skip_link_comes_first(visit: Visit) -> None:
    page = visit.open("index.html")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_table_shows_the_same_models(visit: Visit) -> None:
    page = visit.open("index.html?view=table")
    expect(page.locator(".heads")).to_be_visible()
    expect(page.locator(".plate").first).to_be_hidden()
    assert len(shown(page)) == TOTAL
    tops = page.evaluate(
        "[...document.querySelectorAll('.card')].map(c => c.getBoundingClientRect().top)"
    )
    assert tops == sorted(set(tops))


def test_filtering_is_within_a_frame(visit: Visit) -> None:
    """150 models: the present cards over and over."""
    page = visit.open("index.html")
    milliseconds = page.evaluate(
        """() => {
          const list = [...document.querySelectorAll('.card')].map(card => card.dataset.words.split(' '));
          const models = Array.from({length: 150}, (_, i) => ({
            list: list[i % list.length], tokens: new Set(list[i % list.length]),
            everything: list[i % list.length].join(' '), total: 1e9, active: 1e9, context: 1, cache: 1, year: 2025}));
          gallery.find(models, 'mla');
          const start = performance.now();
          for (let i = 0; i < 20; i += 1) gallery.find(models, 'mla moe deepsek under 40b');
          return (performance.now() - start) / 20;
        }"""
    )
    assert milliseconds < 16


@pytest.mark.parametrize("visit", PHONE, indirect=True)
def test_phone_has_a_sheet_of_filters(visit: Visit) -> None:
    page = visit.open("index.html")
    expect(page.locator("#facets")).to_be_hidden()
    page.locator("#filters").click()
    expect(page.locator("#facets")).to_be_visible()
    expect(page.locator("#sheet-sort select")).to_be_visible()
    page.locator("input[name=kind][value=dense]").check()
    expect(page.locator("#done")).to_have_text(re.compile(r"Show 10 models"))
    page.locator("#done").click()
    expect(page.locator("#facets")).to_be_hidden()
    expect(page.locator("#filters")).to_be_focused()
    expect(page.locator("#active-filters")).to_have_text("1")
    page.locator("#filters").click()
    page.keyboard.press("Escape")
    expect(page.locator("#facets")).to_be_hidden()


@pytest.mark.parametrize("visit", [{"script": False}], indirect=True)
def test_reads_without_javascript(visit: Visit) -> None:
    page = visit.open("index.html")
    assert len(shown(page)) == TOTAL
    expect(page.locator("#bar")).to_be_hidden()
    page.locator(".card h2 a").first.click()
    expect(page.locator("h1")).to_have_text(entries()[0].name)
    expect(page.locator(".drawing[data-level=standard]")).to_be_visible()
    page.locator(".def summary").first.click()
    expect(page.locator(".def p").first).to_be_visible()
