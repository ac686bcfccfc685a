"""The search in a real browser: in the gallery words, numbers, names of concepts, slips, and what is offered instead;
on every page the panel of answers."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from llm_gallery.concepts import concepts as known
from llm_gallery.engines.weight_format import released_format
from llm_gallery.mechanisms import field_name
from llm_gallery.site.exhibit import Exhibit
from llm_gallery.site.search_page import written
from tests.site.cards import TOTAL, ids, mla, models, moe, of, shown_ids
from tests.site.conftest import PHONE, Visit


def hybrid(model: Exhibit) -> bool:
    return "Hybrid" in model.facets["kind"]


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
    "Qwen-7B": lambda m: m.entry.id == "qwen-7b",
    "Qwen 1.5 72B": lambda m: m.entry.id == "qwen1.5-72b",
    "MiniMax M1": lambda m: m.entry.id == "minimax-m1",
    "Step3": lambda m: m.entry.organization == "StepFun",
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
    "dsa": lambda m: any("DSA" in field_name(block).split() for block in m.mixers),
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


FOUND = """(questions) => questions.map((question) => {
  const field = document.querySelector("#q");
  field.value = question;
  field.dispatchEvent(new Event("input"));
  return [...document.querySelectorAll(".card:not([hidden])")].map((card) => card.dataset.id);
})"""
"""The cards that are left of each of some questions, without a picture of any: there are hundreds."""


def test_search(visit: Visit) -> None:
    """One question after the other, as a reader asks them."""
    page = visit.open("index.html")
    for query, fits in QUERIES.items():
        page.locator("#q").fill(query)
        found = ids(fits)
        assert set(shown_ids(page)) == found, query
        expect(page.locator("#nothing")).to_be_visible(visible=not found)
        expect(page.locator("#count")).to_have_text(f"{len(found)} of {TOTAL} models")


def test_a_question_in_the_address_is_answered(visit: Visit) -> None:
    """What answers is loaded for it, though nobody touched the field; so for a filter and an order."""
    assert set(shown_ids(visit.open("index.html?q=mla+moe"))) == ids(lambda m: mla(m) and moe(m))
    assert set(shown_ids(visit.open("index.html?kind=dense"))) == ids(lambda m: not moe(m))
    largest = max(models(), key=lambda m: m.parameters.total)
    assert shown_ids(visit.open("index.html?sort=total"))[0] == largest.entry.id


def test_what_answers_is_loaded_when_somebody_turns_to_it(visit: Visit) -> None:
    page = visit.open("index.html")
    asked: list[str] = []
    late = {"panel.js", "query.js", "find.js", "answers.js", "words.js"}
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.locator("button[data-view=table]").dispatch_event("click")
    expect(page.locator(".heads")).to_be_visible()
    assert len(shown_ids(page)) == TOTAL
    assert not late & set(asked)
    with page.expect_event("requestfinished", lambda made: made.url.endswith("/words.js")):
        page.locator("#q").focus()
    assert late <= set(asked)


def test_what_cannot_be_loaded_is_said(visit: Visit) -> None:
    """And all models are there again when nothing is asked."""
    page = visit.open("index.html")
    page.route("**/words.js", lambda route: route.abort())
    page.locator("#q").fill("mla")
    expect(page.locator("#count")).to_contain_text("words.js can't be loaded")
    page.locator("#q").fill("")
    assert len(shown_ids(page)) == TOTAL
    expect(page.locator("#count")).to_have_text(f"{TOTAL} models")
    assert "words.js" in "".join(visit.complaints)
    visit.complaints.clear()


def test_every_name_of_every_concept_finds_its_models(visit: Visit) -> None:
    """In full, in short and as others call it; what one word of several models means is left to the words."""
    page = visit.open("index.html?q=mla")
    assert set(shown_ids(page)) == ids(mla)
    words = {word for model in models() for word in model.words.split()}
    users = {
        said: {m.entry.id for m in models() if concept.id in m.concepts}
        for concept in known().values()
        for said in (concept.name, concept.short, *concept.aliases)
        if said and said.lower() not in words
    }
    found = page.evaluate(FOUND, list(users))
    assert [
        said for said, ids in zip(users, found, strict=True) if not users[said] <= set(ids)
    ] == []


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
    assert 0 < len(shown_ids(page)) < TOTAL
    expect(page.locator("#nothing")).to_be_hidden()


def test_a_slip_is_said(visit: Visit) -> None:
    page = visit.open("index.html")
    page.locator("#q").fill("mistrel")
    expect(page.locator("#meant")).to_contain_text("“mistrel” read as mistral")


def test_filters_that_leave_nothing_can_be_taken_off(visit: Visit) -> None:
    page = visit.open("index.html?kind=dense")
    page.locator("#q").fill("moonshot")
    page.locator("#instead button", has_text="filters off").click()
    assert set(shown_ids(page)) == ids(of("Moonshot"))
    expect(page.locator("#q")).to_have_value("moonshot")


def test_search_as_you_type(visit: Visit) -> None:
    page = visit.open("index.html")
    page.locator("#q").press_sequentially("moonshot")
    expect(page.locator(".card:visible")).to_have_count(len(ids(of("Moonshot"))))
    page.keyboard.press("Escape")
    expect(page.locator("#found")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator(".card:visible")).to_have_count(TOTAL)


LISTED = tomllib.loads(Path(__file__).with_name("queries.toml").read_text("utf-8"))["query"]
"""What visitors type, and what is to be answered first."""
MOST: dict[str, Callable[[Exhibit], Any]] = {
    "smallest kv cache": lambda m: -(m.cache.bytes_per_token or 1e12),
    "largest model": lambda m: m.parameters.total,
    "newest qwen": lambda m: ("Qwen" in m.entry.name, m.entry.released),
    "longest context": lambda m: m.context or 0,
    "most experts": lambda m: max(m.numbers.get("experts", (0,))),
    "sparsest moe": lambda m: (moe(m), -m.parameters.active / m.parameters.total),
}
"""By what the first of the models that a superlative asks for is the first."""
ANSWERS = """async (queries) => {
  const { answer } = await gallery.engine();
  return queries.map((query) => {
    const { answers, chips, says } = answer(query);
    return { answers: answers.filter(({ score }) => score > 0), chips: chips.map(({ label }) => label), says };
  });
}"""


def answered(page: Page, queries: list[str]) -> dict[str, Any]:
    """What the page's search makes of each of some queries."""
    page.locator("#q").focus()
    page.wait_for_function("() => globalThis.gallery?.engine !== undefined")
    return dict(zip(queries, page.evaluate(ANSWERS, queries), strict=True))


def first(answers: list[dict[str, Any]]) -> str:
    """Where the first answer leads, as queries.toml has it."""
    if not answers:
        return ""
    href: str = answers[0]["href"]
    if answers[0]["kind"] == "Models":
        return "models"
    return "gallery" if href.startswith("index.html") else href.replace("/index.html", "")


def test_listed_queries(visit: Visit) -> None:
    """On a page that isn't the gallery: the first answer, what was understood, what is said."""
    found = answered(visit.open("learn/index.html"), [query["asked"] for query in LISTED])
    wrong = {}
    for query in LISTED:
        has = found[query["asked"]]
        wanted = query["first"]
        if wanted == "model":
            best = max(map(MOST[query["asked"]], models()))
            fits = {m.entry.id for m in models() if MOST[query["asked"]](m) == best}
            wanted = first(has["answers"])
            if wanted.removeprefix("models/") not in fits:
                wrong[query["asked"]] = (wanted, fits)
        is_as_listed = (
            first(has["answers"]) == wanted
            and has["chips"] == query.get("chips", [])
            and has["says"] == query.get("says", "")
        )
        if not is_as_listed:
            wrong[query["asked"]] = has
    assert wrong == {}
    assert len(LISTED) >= 60


def test_counts_of_a_mechanism_are_those_of_the_catalog(visit: Visit) -> None:
    found = answered(visit.open("learn/index.html"), ["who uses mla", "chinese models", "fp8"])
    users = len(ids(mla))
    assert [a["title"] for a in found["who uses mla"]["answers"][:2]] == [
        "Multi-head latent attention",
        f"{users} models have it",
    ]
    assert re.fullmatch(r"\d+ models: China", found["chinese models"]["answers"][0]["title"])
    stored = [m for m in models() if released_format(m.entry.config) == "fp8"]
    assert found["fp8"]["answers"][0]["title"] == f"{len(stored)} models: Released in FP8"


def test_the_panel_is_a_combobox(visit: Visit) -> None:
    """Arrows move, Enter opens the first or the active answer, Escape closes and then clears."""
    page = visit.open("learn/index.html")
    page.keyboard.press("/")
    page.keyboard.type("kimi k2")
    field, options = page.locator("#q"), page.locator("#answers [role=option]")
    expect(options.first).to_contain_text("Kimi K2")
    expect(field).to_have_attribute("role", "combobox")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#search [role=status]")).to_have_text(
        re.compile(r"^\d answers, first model Kimi K2$")
    )
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    expect(page.locator("#found")).to_be_hidden()
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("kimi k2")
    page.keyboard.press("Escape")
    expect(field).to_have_value("")
    page.keyboard.type("kimi k2")
    expect(options.first).to_contain_text("Kimi K2")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Kimi K2")


def test_chips_can_be_taken_away(visit: Visit) -> None:
    """In the panel of any page, and beside the count in the gallery."""
    page = visit.open("learn/index.html")
    page.locator("#q").fill("moe sliding window under 40b")
    chips = page.locator("#found .chip")
    expect(chips).to_have_text(["Mixture of experts", "Sliding-window attention", "under 40B"])
    chips.nth(1).click()
    expect(page.locator("#q")).to_have_value("moe under 40b")
    expect(chips).to_have_count(2)
    page.keyboard.press("Enter")
    expect(page.locator("#meant .chip")).to_have_text(["Mixture of experts", "under 40B"])
    small = ids(lambda m: moe(m) and m.parameters.total <= 40e9)
    assert set(shown_ids(page)) == small
    page.locator("#meant .chip", has_text="under").click()
    expect(page.locator("#count")).to_have_text(f"{len(ids(moe))} of {TOTAL} models")


def test_what_nothing_knows_is_said(visit: Visit) -> None:
    """And what an answer holds is text, whatever was typed."""
    page = visit.open("learn/index.html")
    page.locator("#q").fill("<img/src=x>")
    expect(page.locator("#found .says")).to_have_text("Nothing here is called “img/src=x”.")
    expect(page.locator("#found img")).to_have_count(0)


def test_a_superlative_orders_the_gallery(visit: Visit) -> None:
    page = visit.open("index.html?q=largest+moe")
    shown = shown_ids(page)
    by_id = {m.entry.id: m.parameters.total for m in models()}
    assert set(shown) == ids(moe)
    assert [by_id[i] for i in shown] == sorted((by_id[i] for i in shown), reverse=True)
    page.locator("#q").fill("")
    expect(page.locator(".card:visible")).to_have_count(TOTAL)
    assert shown_ids(page)[0] == "deepseek-v3"  # whom most follow


@pytest.mark.parametrize("visit", PHONE, indirect=True)
def test_search_on_a_phone(visit: Visit) -> None:
    """The sign opens to a field as wide as the window; nothing scrolls sideways."""
    page = visit.open("learn/index.html")
    page.locator("#search label").click()
    page.keyboard.type("mla moe under 40b active")
    expect(page.locator("#answers [role=option]").first).to_be_visible()
    box = page.locator("#search .find").bounding_box()
    assert box is not None
    assert box["width"] > 350
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.locator("#answers [role=option]").nth(1).tap()
    page.wait_for_url("**/models/**")


def test_pages_of_the_search_are_there(whole_site: Path) -> None:
    """Those that search.toml leads to, and the makers of its countries and closed models."""
    for page in written()["page"]:
        path = re.sub(r"[?#].*", "", page["path"])
        assert not path or (whole_site / path).is_file(), page["title"]
    makers = {m.entry.organization for m in models()}
    named = {maker for country in written()["country"] for maker in country["makers"]}
    assert named <= makers
    assert {closed["maker"] for closed in written()["closed"]} <= {*makers, ""}
    assert set(written()["lesson"]) <= set(known())
