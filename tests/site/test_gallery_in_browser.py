"""The gallery in a real browser: search, filters, order, address, keys, phone and no JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from llm_gallery.catalog.concept import concepts as known
from llm_gallery.catalog.load import entries
from llm_gallery.site.exhibit import Exhibit
from llm_gallery.site.shown import site
from tests.site.conftest import Visit

pytestmark = pytest.mark.browser
TOTAL = len(entries())
PHONE = [{"width": 390}]


def shown(page: Page) -> list[str]:
    """Ids of the cards that are to be seen, in their order."""
    found: list[str] = page.locator(".card:visible").evaluate_all(
        "cards => cards.map(card => card.dataset.id)"
    )
    return found


@cache
def models() -> tuple[Exhibit, ...]:
    """Everything in the catalog: what a test expects is computed from it, so that it may grow."""
    return site().exhibits


def ids(fits: Callable[[Exhibit], bool]) -> set[str]:
    """The models that a predicate holds for."""
    return {model.entry.id for model in models() if fits(model)}


def mla(model: Exhibit) -> bool:
    return "multi-head-latent-attention" in model.concepts


def moe(model: Exhibit) -> bool:
    return "moe" in model.mechanisms


def hybrid(model: Exhibit) -> bool:
    return "Hybrid" in model.facets["kind"]


def of(house: str) -> Callable[[Exhibit], bool]:
    return lambda model: house in model.entry.organization


def licensed(name: str) -> Callable[[Exhibit], bool]:
    return lambda model: model.entry.licence.name.startswith(name)


QUERIES: dict[str, Callable[[Exhibit], bool]] = {
    "mla moe": lambda m: mla(m) and moe(m),
    "mla moe under 40b active": lambda m: mla(m) and moe(m) and m.parameters.active <= 40e9,
    "mla moe under 40b": lambda m: mla(m) and moe(m) and m.parameters.total <= 40e9,
    "moe active under 5b": lambda m: moe(m) and m.parameters.active <= 5e9,
    "3b active": lambda m: 2.4e9 <= m.parameters.active <= 3.6e9,
    "hybrid 2026": lambda m: hybrid(m) and m.entry.released.year == 2026,
    "nope": lambda m: "nope" in m.concepts or "NoPE" in m.facets["position"],
    "moonshot": of("Moonshot"),
    "open ai": of("OpenAI"),
    "gemma": lambda m: "Gemma" in m.entry.name,
    "Qwen3-Next": lambda m: m.entry.id == "qwen3-next-80b-a3b",
    "qwen 3.5": lambda m: m.entry.name.startswith("Qwen3.5"),
    "mamba": lambda m: any("mamba" in block.kind for block in m.mixers),
    "learned positions": lambda m: "learned-positions" in m.concepts,
    "context over 500k": lambda m: (m.context or 0) >= 500e3,
    "1m context": lambda m: (m.context or 0) >= 1e6,
    "hybrid cache under 10 KiB": lambda m: hybrid(m) and 0 < m.cache.bytes_per_token <= 10240,
    "dense 20b-40b": lambda m: not moe(m) and 20e9 <= m.parameters.total <= 40e9,
    "before 2020": lambda m: m.entry.released.year < 2020,
    "moe since 2026": lambda m: moe(m) and m.entry.released.year >= 2026,
    "2024-2025 mla": lambda m: mla(m) and m.entry.released.year in (2024, 2025),
    "deepsek": of("DeepSeek"),
    "deepseek or moonshot": lambda m: of("DeepSeek")(m) or of("Moonshot")(m),
    "mla -moonshot": lambda m: mla(m) and not of("Moonshot")(m),
    "mla without moe": lambda m: mla(m) and not moe(m),
    "kimi delta attention": lambda m: "kimi-delta-attention" in m.concepts,
    "kimi delta atention": lambda m: "kimi-delta-attention" in m.concepts,
    "dsa": lambda m: "sparse-attention" in m.concepts,
    "deepseek sparse attention": lambda m: "sparse-attention" in m.concepts,
    "mla or sliding window attention": lambda m: mla(m) or "sliding-window-attention" in m.concepts,
    "without weight tying": lambda m: "tied-embeddings" not in m.concepts,
    "256 experts": lambda m: 256 in m.numbers.get("experts", ()),
    "experts 256 layers 61": lambda m: 256 in m.numbers.get("experts", ()) and m.layers == 61,
    "8 kv heads": lambda m: 8 in m.numbers.get("kv_heads", ()),
    "top-8 experts": lambda m: 8 in m.numbers.get("used", ()),
    "over 60 layers moe": lambda m: m.layers >= 60 and moe(m),
    "hidden size 7168": lambda m: m.numbers["width"] == (7168,),
    "llama3": lambda m: m.entry.name.startswith("Llama 3"),
    "llama 3": lambda m: m.entry.name.startswith("Llama 3"),
    "qwen3next": lambda m: m.entry.name.startswith("Qwen3-Next"),
    "gptoss": lambda m: m.entry.name.startswith("gpt-oss"),
    "apache license": licensed("Apache License"),
    "moe under apache license": lambda m: moe(m) and licensed("Apache License")(m),
    "mit license": licensed("MIT License"),
    "modified mit license": licensed("Modified MIT"),
    "nothing like this": lambda m: False,
}


@pytest.mark.parametrize("query", QUERIES)
def test_search(visit: Visit, query: str) -> None:
    page = visit.open("index.html")
    page.locator("#q").fill(query)
    found = ids(QUERIES[query])
    assert set(shown(page)) == found
    expect(page.locator("#nothing")).to_be_visible(visible=not found)
    expect(page.locator("#count")).to_have_text(f"{len(found)} of {TOTAL} models")


def test_every_name_of_every_concept_finds_its_models(visit: Visit) -> None:
    """In full, in short and as others call it; what one word of several models means is left to the words."""
    page = visit.open("index.html")
    missed = []
    words = {word for model in models() for word in model.words.split()}
    for concept in known().values():
        users = {m.entry.id for m in models() if concept.id in m.concepts}
        for said in (concept.name, concept.short, *concept.aliases):
            if users and said and said.lower() not in words:
                page.locator("#q").fill(said)
                if not users <= set(shown(page)):
                    missed.append(said)
    assert missed == []


def test_names_of_concepts_are_told_apart() -> None:
    """No two share one, and none is what a model is called."""
    bare = partial(re.sub, r"[\W_]+", "")
    said = [
        (bare(n.lower()), c.id)
        for c in known().values()
        for n in (c.name, c.short, *c.aliases)
        if n
    ]
    assert {n for n, i in said if len({j for m, j in said if m == n}) > 1} == set()
    names = {bare(model.entry.name.lower()) for model in models()}
    assert [n for n, _ in said if n in names] == []


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        ("deapseak", "deepseek"),
        ("250 experts", "256 experts"),
        ("mla 2019", "mla"),
        ("xyzzyplugh", "moe"),
    ],
)
def test_where_nothing_fits_something_is_offered(visit: Visit, asked: str, offered: str) -> None:
    page = visit.open("index.html")
    page.locator("#q").fill(asked)
    expect(page.locator("#nothing")).to_be_visible()
    page.locator("#instead button", has_text=offered).first.click()
    assert 0 < len(shown(page)) < TOTAL
    expect(page.locator("#nothing")).to_be_hidden()


def test_a_slip_is_said(visit: Visit) -> None:
    page = visit.open("index.html")
    page.locator("#q").fill("mistrel")
    expect(page.locator("#meant")).to_have_text("“mistrel” read as mistral")


def test_filters_that_leave_nothing_can_be_taken_off(visit: Visit) -> None:
    page = visit.open("index.html?kind=dense")
    page.locator("#q").fill("deepseek")
    page.locator("#instead button", has_text="filters off").click()
    assert set(shown(page)) == ids(of("DeepSeek"))
    expect(page.locator("#q")).to_have_value("deepseek")


def test_search_as_you_type(visit: Visit) -> None:
    page = visit.open("index.html")
    page.locator("#q").press_sequentially("moonshot")
    expect(page.locator(".card:visible")).to_have_count(len(ids(of("Moonshot"))))
    page.keyboard.press("Escape")
    expect(page.locator(".card:visible")).to_have_count(TOTAL)


def test_facets_narrow_and_count(visit: Visit) -> None:
    page = visit.open("index.html")
    sparse = page.locator("input[name=kind][value=mixture-of-experts]")
    sparse.check()
    expect(page.locator(".card:visible")).to_have_count(len(ids(moe)))
    page.locator("input[name=org][value=openai]").evaluate("box => box.click()")  # may be folded
    assert set(shown(page)) == ids(lambda m: moe(m) and of("OpenAI")(m))
    # Answers to another question say how many would be left; those to the same one are alternatives.
    dense = page.locator("label.option", has=page.locator("input[name=kind][value=dense]"))
    count = len(ids(lambda m: not moe(m) and of("OpenAI")(m)))
    expect(dense.locator("[data-count]")).to_have_text(str(count))
    page.locator(".status [data-clear]").click()
    expect(page.locator(".card:visible")).to_have_count(TOTAL)
    expect(sparse).not_to_be_checked()


def test_key_filters_by_mechanism(visit: Visit) -> None:
    page = visit.open("index.html")
    page.locator("[data-mechanism=linear]").first.click()
    assert set(shown(page)) == ids(lambda m: "linear" in m.mechanisms)
    page.locator(".key [data-mechanism=moe]").click()
    assert set(shown(page)) == ids(lambda m: "linear" in m.mechanisms and moe(m))


ORDERS: dict[str, Callable[[Exhibit], Any]] = {
    "date": lambda m: -m.entry.released.toordinal(),
    "name": lambda m: m.entry.name.lower(),
    "total": lambda m: -m.parameters.total,
    "active": lambda m: -m.parameters.active,
    "context": lambda m: -(m.context or 0),
    "cache": lambda m: -m.cache.bytes_per_token,
}


@pytest.mark.parametrize("order", ORDERS)
def test_sort(visit: Visit, order: str) -> None:
    page = visit.open("index.html")
    page.locator("#sort").select_option(order)
    by_id = {model.entry.id: model for model in models()}
    keys = [ORDERS[order](by_id[model]) for model in shown(page)]
    assert len(keys) == TOTAL
    if order != "name":  # whose order is that of people: 9 before 27
        assert keys == sorted(keys)


def test_address_holds_everything(visit: Visit) -> None:
    page = visit.open("index.html")
    page.locator("#q").fill("moe")
    page.locator("[data-mechanism=latent]").first.click()
    page.locator("input[name=year][value='2025']").check()
    page.locator("#most").fill(page.locator("#most").get_attribute("max") or "")
    page.locator("#least").fill("118")
    chosen = shown(page)[0]
    page.locator(".card:visible .compare input").first.check()
    page.locator("#sort").select_option("total")
    page.locator("button[data-view=table]").click()
    before = shown(page)
    wanted = ids(lambda m: mla(m) and m.entry.released.year == 2025)
    assert 0 < len(before) < len(wanted)
    assert set(before) == wanted & ids(lambda m: m.parameters.total >= 10**11.8)
    address = page.url
    for part in (
        "q=moe",
        "mechanism=latent",
        "year=2025",
        "least=118",
        "sort=total",
        "view=table",
        f"m={chosen}",
    ):
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
    page.locator("#q").fill("qwen3-next")
    page.locator(".card:visible h2 a").click()
    expect(page.locator("h1")).to_have_text("Qwen3-Next 80B-A3B")
    page.go_back()
    assert shown(page) == ["qwen3-next-80b-a3b"]
    expect(page.locator("#q")).to_have_value("qwen3-next")


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
    expect(links.nth(4)).to_be_focused()  # three a row
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
    """The search, and all of what a keystroke does: filters, counts, cards."""
    page = visit.open("index.html")
    milliseconds = page.evaluate(
        """() => {
          const field = document.querySelector("#q");
          const times = ["mla", "moe deepsek under 40b", "hybrid 2026", "", "nope"].map((text) => {
            field.value = text;
            const start = performance.now();
            field.dispatchEvent(new Event("input"));
            return performance.now() - start;
          });
          return times.sort((a, b) => a - b)[2];
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
    expect(page.locator("#done")).to_have_text(f"Show {len(ids(lambda m: not moe(m)))} models")
    page.locator("#done").click()
    expect(page.locator("#facets")).to_be_hidden()
    expect(page.locator("#filters")).to_be_focused()
    expect(page.locator("#active-filters")).to_have_text("1")
    page.locator("#filters").click()
    page.keyboard.press("Escape")
    expect(page.locator("#facets")).to_be_hidden()


def test_three_models_go_to_the_comparison(visit: Visit) -> None:
    """By the keyboard alone: find, choose with c, open the comparison."""
    page = visit.open("index.html")
    page.keyboard.press("/")
    page.keyboard.type("mla moe under 40b active")
    page.keyboard.press("ArrowDown")
    wanted = shown(page)[:3]
    for _ in range(3):
        page.keyboard.press("c")
        page.keyboard.press("ArrowRight")
    expect(page.locator("#tray li")).to_have_count(3)
    expect(page.locator("#tray-told")).to_have_text(re.compile("3 of 6"))
    page.locator("#go").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/compare/index.html?m={','.join(wanted)}")
    expect(page.locator("#figures svg")).to_have_count(3)


def test_tray_holds_six_at_most(visit: Visit) -> None:
    page = visit.open("index.html")
    boxes = page.locator(".card .compare input")
    for index in range(6):
        boxes.nth(index).check()
    expect(boxes.nth(6)).to_be_disabled()
    page.get_by_role("button", name=f"Remove {models()[0].entry.name}").click()
    expect(boxes.nth(0)).not_to_be_checked()
    expect(boxes.nth(6)).to_be_enabled()
    page.locator("#tray [data-clear]").click()
    expect(page.locator("#tray")).to_be_hidden()
    assert "m=" not in page.url


@pytest.mark.parametrize("visit", [{"width": width} for width in (320, 390, 720)], indirect=True)
def test_head_is_one_line(visit: Visit) -> None:
    page = visit.open("index.html")
    box = page.locator(".top").bounding_box()
    assert box is not None
    assert box["height"] <= 57


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
