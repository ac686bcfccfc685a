"""The gallery in a real browser: towers, filters, order, address, keys, tray, phone and no JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from llm_gallery.site.exhibit import Exhibit
from tests.described_catalog import site
from tests.site.cards import TOTAL, ids, mla, models, moe, of, shown_ids
from tests.site.conftest import PHONE, Visit


def kind(page: Page, value: str) -> Locator:
    return page.locator(f"#bar button[name=kind][value='{value}']")


def mechanism(page: Page, value: str) -> Locator:
    return page.locator(f"#bar button[name=mechanism][value={value}]")


def test_facets_narrow_and_count(visit: Visit) -> None:
    page = visit.open("index.html")
    sparse, dense = kind(page, "mixture-of-experts"), kind(page, "dense")
    sparse.click()
    expect(page.locator(".card:visible")).to_have_count(len(ids(moe)))
    page.locator("#filters").click()
    page.locator("input[name=org][value=openai]").evaluate("box => box.click()")  # may be folded
    assert set(shown_ids(page)) == ids(lambda m: moe(m) and of("OpenAI")(m))
    # Answers to another question say how many would be left; those to the same one are alternatives.
    count = len(ids(lambda m: not moe(m) and of("OpenAI")(m)))
    expect(dense.locator("[data-count]")).to_have_text(str(count))
    expect(page.locator("#active-filters")).to_have_text("1")
    dense.click()
    assert set(shown_ids(page)) == ids(lambda m: not moe(m) and of("OpenAI")(m))
    expect(sparse).to_have_attribute("aria-pressed", "false")
    page.locator(".status [data-clear]").click()
    expect(page.locator(".card:visible")).to_have_count(TOTAL)
    expect(kind(page, "")).to_have_attribute("aria-pressed", "true")


def test_several_kinds_of_an_old_address_are_kept(visit: Visit) -> None:
    """When kinds were boxes, several could be asked for."""
    page = visit.open("index.html?kind=hybrid.recurrent")
    both = {"Hybrid", "Recurrent"}
    assert set(shown_ids(page)) == ids(lambda m: not both.isdisjoint(m.facets["kind"]))
    assert page.url.endswith("?kind=hybrid.recurrent")


def test_key_filters_by_mechanism(visit: Visit) -> None:
    page = visit.open("index.html")
    mechanism(page, "linear").click()
    assert set(shown_ids(page)) == ids(lambda m: "linear" in m.mechanisms)
    mechanism(page, "moe").click()
    assert set(shown_ids(page)) == ids(lambda m: "linear" in m.mechanisms and moe(m))


def follows(model: Exhibit) -> int:
    return len(site().lineage.children[model.entry.id])


ORDERS: dict[str, Callable[[Exhibit], Any]] = {
    "date": lambda m: -m.entry.released.toordinal(),
    "name": lambda m: m.entry.name.lower(),
    "total": lambda m: -m.parameters.total,
    "active": lambda m: -m.parameters.active,
    "context": lambda m: -(m.context or 0),
    "cache": lambda m: -m.cache.bytes_per_token,
    "followed": lambda m: -follows(m),
}


def test_sort(visit: Visit) -> None:
    page = visit.open("index.html")
    by_id = {model.entry.id: model for model in models()}
    orders = set()
    for order, key in ORDERS.items():
        page.locator("#sort").select_option(order)
        found = shown_ids(page)
        keys = [key(by_id[model]) for model in found]
        assert len(keys) == TOTAL
        orders.add(tuple(found))
        if order != "name":  # whose order is that of people: 9 before 27
            assert keys == sorted(keys), order
    assert len(orders) == len(ORDERS)


def test_address_holds_everything(visit: Visit) -> None:
    page = visit.open("index.html")
    page.locator("#q").fill("moe")
    mechanism(page, "latent").click()
    page.locator("#filters").click()
    page.locator("input[name=year][value='2025']").check()
    page.locator("#most").fill(page.locator("#most").get_attribute("max") or "")
    page.locator("#least").fill("118")
    page.locator("#done").click()
    chosen = shown_ids(page)[0]
    page.locator(".card:visible .compare input").first.check()
    page.locator("#sort").select_option("total")
    page.locator("button[data-view=table]").click()
    before = shown_ids(page)
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
    assert shown_ids(other) == before
    expect(other.locator("#q")).to_have_value("moe")
    expect(other.locator("#sort")).to_have_value("total")
    expect(other.locator("button[data-view=table]")).to_have_attribute("aria-pressed", "true")
    assert other.url == address


@pytest.mark.parametrize(
    "query", ["?q=%00%ff&sort=nonsense&least=999&view=x&kind=..", "?mechanism=<script>&most=-1"]
)
def test_rubbish_in_the_address_is_harmless(visit: Visit, query: str) -> None:
    page = visit.open("index.html" + query)
    expect(page.locator("#sort")).to_have_value("followed")
    assert "least" not in page.url
    assert "most" not in page.url


def test_back_brings_the_search_back(visit: Visit) -> None:
    page = visit.open("index.html")
    page.locator("#q").fill("qwen3-next")
    expect(page.locator(".card:visible")).to_have_count(1)  # what searches loads when it is asked
    page.locator(".card:visible h2 a").click()
    expect(page.locator("h1")).to_have_text("Qwen3-Next 80B-A3B")
    page.go_back()
    assert shown_ids(page) == ["qwen3-next-80b-a3b"]
    expect(page.locator("#q")).to_have_value("qwen3-next")


def test_keyboard_path(visit: Visit) -> None:
    page = visit.open("index.html")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("qwen3")
    expect(page.locator("#answers [role=option]").first).to_contain_text("models: qwen3")
    page.keyboard.press("Enter")
    links = page.locator(".card:visible h2 a")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(links.nth(6)).to_be_focused()  # five a row
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
    expect(page.locator(".card .made").first).to_be_visible()
    expect(page.locator(".plate").first).to_be_hidden()
    assert len(shown_ids(page)) == TOTAL
    tops = page.evaluate(
        "[...document.querySelectorAll('.card')].map(c => c.getBoundingClientRect().top)"
    )
    assert tops == sorted(set(tops))


def test_more_filters_stand_beside_what_they_find(visit: Visit) -> None:
    page = visit.open("index.html")
    expect(page.locator("#facets")).to_be_hidden()
    page.locator("#filters").click()
    page.locator("input[name=org][value=meta]").check()
    assert set(shown_ids(page)) == ids(of("Meta"))
    page.locator(".card h2 a").first.focus()  # nothing is out of reach
    page.keyboard.press("Escape")
    expect(page.locator("#facets")).to_be_hidden()
    expect(page.locator("#filters")).to_be_focused()


@pytest.mark.parametrize("visit", PHONE, indirect=True)
def test_phone_has_a_sheet_of_filters(visit: Visit) -> None:
    page = visit.open("index.html")
    expect(page.locator("#facets")).to_be_hidden()
    page.locator("#filters").click()
    expect(page.locator("#facets")).to_be_visible()
    page.locator("input[name=org][value=meta]").check()
    expect(page.locator("#done")).to_have_text(f"Show {len(ids(of('Meta')))} models")
    page.locator("#done").click()
    expect(page.locator("#facets")).to_be_hidden()
    expect(page.locator("#filters")).to_be_focused()
    expect(page.locator("#active-filters")).to_have_text("1")
    page.locator("#filters").click()
    page.keyboard.press("Escape")
    expect(page.locator("#facets")).to_be_hidden()


@pytest.mark.parametrize("visit", PHONE, indirect=True)
def test_phone_shows_one_tower_across(visit: Visit) -> None:
    page = visit.open("index.html")
    tower = page.locator(".plate").first.bounding_box()
    assert tower is not None
    assert 320 <= tower["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_three_models_go_to_the_comparison(visit: Visit) -> None:
    """By the keyboard alone: find, choose with c, open the comparison."""
    page = visit.open("index.html")
    page.keyboard.press("/")
    page.keyboard.type("mla moe under 40b active")
    page.keyboard.press("Enter")
    expect(page.locator(".card:visible h2 a").first).to_be_focused()
    wanted = shown_ids(page)[:3]
    for _ in range(3):
        page.keyboard.press("c")
        page.keyboard.press("ArrowRight")
    expect(page.locator("#tray li")).to_have_count(3)
    expect(page.locator("#tray-told")).to_have_text(re.compile("3 of 6"))
    page.locator("#go").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/compare/index.html?m={','.join(wanted)}")
    expect(page.locator("#towers svg.drawn")).to_have_count(3)


def test_tray_holds_six_at_most(visit: Visit) -> None:
    page = visit.open("index.html")
    boxes = page.locator(".card .compare input")
    for index in range(6):
        boxes.nth(index).check()
    expect(boxes.nth(6)).to_be_disabled()
    page.locator("#tray [data-leave]").first.click()
    expect(boxes.nth(0)).not_to_be_checked()
    expect(boxes.nth(6)).to_be_enabled()
    page.locator("#tray [data-clear]").click()
    expect(page.locator("#tray")).to_be_hidden()
    assert "m=" not in page.url


def test_a_box_is_made_when_its_card_comes_near(visit: Visit) -> None:
    page = visit.open("index.html")
    last = page.locator(".card").last
    expect(page.locator(".card").first.locator(".compare input")).to_have_count(1)
    expect(last.locator(".compare input")).to_have_count(0)
    last.scroll_into_view_if_needed()
    expect(last.locator(".compare input")).to_have_count(1)


def test_a_chosen_model_far_below_has_its_box(visit: Visit) -> None:
    far = min(models(), key=lambda model: (follows(model), model.entry.released)).entry.id
    page = visit.open(f"index.html?m={far}")
    expect(page.locator(f".card[data-id='{far}'] .compare input")).to_be_checked()
    expect(page.locator("#tray li")).to_have_count(1)


@pytest.mark.parametrize("visit", [{"width": width} for width in (320, 390, 720)], indirect=True)
def test_head_is_one_line(visit: Visit) -> None:
    page = visit.open("index.html")
    box = page.locator(".top").bounding_box()
    assert box is not None
    assert box["height"] <= 57


@pytest.mark.parametrize("visit", [{"script": False}], indirect=True)
def test_reads_without_javascript(visit: Visit) -> None:
    page = visit.open("index.html")
    assert len(shown_ids(page)) == TOTAL
    expect(page.locator("#bar")).to_be_hidden()
    name = page.locator(".card h2 a").first.inner_text()
    page.locator(".card h2 a").first.click()
    expect(page.locator("h1")).to_have_text(name)
    expect(page.locator(".drawing[data-level=standard]")).to_be_visible()
    page.locator(".def summary").first.click()
    expect(page.locator(".def p").first).to_be_visible()
