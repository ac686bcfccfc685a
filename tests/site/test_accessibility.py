"""axe-core over every kind of page, in both themes, on desktop and phone: no violation at all."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from llm_gallery.catalog.load import entries
from tests.site.by_turns import by_turns, named
from tests.site.conftest import Visit, with_fonts

VISITS = [{"width": width, "theme": theme} for width in (1440, 390) for theme in ("light", "dark")]
CROSSED = VISITS[::3]
"""A desk in the light theme and a phone in the dark one: what fails in one pair alone, test_contrast.py sees."""
EACH = [
    pytest.param(visit, marks=() if visit in CROSSED else pytest.mark.every) for visit in VISITS
]
"""All four, of whom a landing waits for those two."""
RUN = """axe.run(document, {
  resultTypes: ['violations'],
  rules: {'target-size': {enabled: true}, 'label-content-name-mismatch': {enabled: true}},
})"""
LAID_OUT = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(".late section, .card, .outline > li { content-visibility: visible !important; }");
  document.adoptedStyleSheets.push(sheet);
}"""
THINNED = """(most) => {
  for (const row of [".card", ".outline > li", "#cards tbody tr"]) {
    [...document.querySelectorAll(row)].slice(most).forEach((one) => one.remove());
  }
}"""
ROWS = 48
"""Of what is written by one template for each model of the catalog, so many are looked at."""
SIFTED = """() => {
  const rule = axe._audit.rules.find((one) => one.id === "color-contrast");
  const own = rule.matches;
  rule.matches = (node, ...more) => !node.ownerSVGElement && own.call(rule, node, ...more);
}"""
"""Of text in a drawing axe can't tell what lies under it, which takes it longest to find out: figures have gates of their own."""
FOLDS_OPEN = (
    "document.querySelectorAll('details:not(#more)').forEach(fold => { fold.open = true; })"
)
"""All but the menu's, which lies over what would then be too small to be met."""
PAGES = [
    "index.html",
    "index.html?view=table&kind=hybrid",
    "index.html?m=deepseek-v3,kimi-k2",
    "models/qwen3-next-80b-a3b/index.html",
    "models/gpt2-xl/index.html",
    "models/deepseek-v3/code/index.html",
    "models/deepseek-v4.1-flash/code/index.html",
    "learn/index.html",
    "learn/index.html?lessons=rope,gqa,unheard-of",
    "learn/index.html?make&lessons=rope",
    "learn/gpt-2-to-kimi-k3/index.html",
    "learn/small-cache/index.html?slides#2",
    "concepts/multi-head-latent-attention/index.html?slides#8",
    "compare/index.html?m=deepseek-v3,kimi-k2",
    "lineage/index.html?branch=deepseek-v3",
    "lineage/steps/index.html",
    "recipes/deepseek-v3/index.html",
    "timeline/index.html",
    "trends/index.html",
    "trends/sizes/index.html",
    "trends/next/index.html",
    "trends/2026/index.html",
    "concepts/index.html",
    "concepts/multi-head-latent-attention/index.html",
    "concepts/attention-sinks/index.html",
    "concepts/mixture-of-experts/index.html?step=3",
    "concepts/pre-norm/index.html",
    "run-it/index.html",
    "describe/index.html",
    "data/index.html",
    "changes/index.html",
    "about/index.html",
    "measured/index.html",
    "poster/index.html",
    "legend/index.html",
    "embed/index.html",
    "definitions/index.html",
    "404.html",
]


@cache
def axe() -> str:
    return (Path(__file__).parent / "axe" / "axe.min.js").read_text("utf-8")


def violations(page: Page, rows: int = ROWS) -> list[str]:
    """What axe finds in a page as it stands; what is out of sight is laid out, else it has the wrong place.

    The font is waited for: where it comes while axe looks, words move.
    """
    page.evaluate(THINNED, rows)
    page.evaluate(LAID_OUT)
    with_fonts(page)
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(axe())
        page.evaluate(SIFTED)
    found = page.evaluate(RUN)
    assert found["testEngine"]["version"].startswith("4.14")
    return [
        f"{fault['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for fault in found["violations"]
        for node in fault["nodes"][:3]
    ]


@pytest.mark.parametrize(("path", "visit"), by_turns(PAGES, CROSSED), indirect=["visit"], ids=named)
def test_axe(visit: Visit, path: str) -> None:
    page = visit.open(path)
    # A question in the address is answered.
    page.wait_for_selector("#cards[aria-busy]", state="detached")
    page.evaluate(FOLDS_OPEN)
    assert violations(page) == []


@pytest.mark.parametrize("visit", CROSSED, indirect=True)
def test_axe_of_the_menu(visit: Visit) -> None:
    """What lies under it while it is open isn't asked for."""
    page = visit.open("about/index.html")
    page.evaluate("document.querySelector('main').replaceChildren(document.querySelector('h1'))")
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")
    assert violations(page) == []


@pytest.mark.every
@pytest.mark.parametrize("path", ["index.html", "index.html?view=table", "lineage/index.html"])
def test_axe_of_every_row(visit: Visit, path: str) -> None:
    page = visit.open(path)
    page.wait_for_selector("#cards[aria-busy]", state="detached")
    assert violations(page, len(entries())) == []


@pytest.mark.parametrize("visit", VISITS[2:], indirect=True)
def test_axe_with_the_sheet_open(visit: Visit) -> None:
    page = visit.open("index.html")
    page.locator("#filters").click()
    assert violations(page) == []


@pytest.mark.parametrize("visit", VISITS[1:3], indirect=True)
def test_axe_with_the_search_open(visit: Visit) -> None:
    page = visit.open("about/index.html")
    page.locator("#q").fill("mla moe wobblyfoo")
    page.wait_for_selector("#answers [role=option]")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#found .says")).not_to_be_empty()
    expect(page.locator("#found .chip")).to_have_count(2)
    assert violations(page) == []


def test_axe_sees_a_fault(visit: Visit) -> None:
    """The gate can fail: without its name the search field is a violation."""
    page = visit.open("index.html")
    page.evaluate(
        "document.querySelector('#q').closest('label').replaceWith(document.querySelector('#q'))"
    )
    page.evaluate("document.querySelector('#q').removeAttribute('placeholder')")
    assert any(fault.startswith("label:") for fault in violations(page))


def test_visit_sees_an_inline_style(visit: Visit) -> None:
    """The gate can fail: what the policy forbids is a complaint."""
    page = visit.open("index.html")
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.wait_for_timeout(100)
    assert "Content Security Policy" in "".join(visit.complaints)
    visit.complaints.clear()
