"""axe-core over every kind of page, in both themes, on desktop and phone: no violation at all."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tests.site.conftest import Visit

pytestmark = pytest.mark.browser
VISITS = [{"width": width, "theme": theme} for width in (1440, 390) for theme in ("light", "dark")]
RUN = """axe.run(document, {
  resultTypes: ['violations'],
  rules: {'target-size': {enabled: true}, 'label-content-name-mismatch': {enabled: true}},
})"""
PAGES = [
    "index.html",
    "index.html?view=table&kind=hybrid",
    "models/qwen3-next-80b-a3b/index.html",
    "models/gpt2-xl/index.html",
    "definitions/index.html",
    "404.html",
]


@cache
def axe() -> str:
    return (Path(__file__).parent / "axe" / "axe.min.js").read_text("utf-8")


@pytest.mark.parametrize("visit", VISITS, indirect=True, ids=lambda v: f"{v['width']}-{v['theme']}")
@pytest.mark.parametrize("path", PAGES)
def test_axe(visit: Visit, path: str) -> None:
    page = visit.open(path)
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")
    page.evaluate(axe())
    found = page.evaluate(RUN)
    told = [
        f"{fault['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for fault in found["violations"]
        for node in fault["nodes"][:3]
    ]
    assert told == []
    assert found["testEngine"]["version"].startswith("4.14")


@pytest.mark.parametrize("visit", VISITS[2:], indirect=True)
def test_axe_with_the_sheet_open(visit: Visit) -> None:
    page = visit.open("index.html")
    page.locator("#filters").click()
    page.evaluate(axe())
    found = page.evaluate(RUN)
    assert [(f["id"], f["nodes"][0]["html"][:200]) for f in found["violations"]] == []


def test_axe_sees_a_fault(visit: Visit) -> None:
    """The gate can fail: without its name the search field is a violation."""
    page = visit.open("index.html")
    page.evaluate(axe())
    page.evaluate(
        "document.querySelector('#q').closest('label').replaceWith(document.querySelector('#q'))"
    )
    page.evaluate("document.querySelector('#q').removeAttribute('placeholder')")
    found = page.evaluate(RUN)
    assert "label" in [fault["id"] for fault in found["violations"]]


def test_visit_sees_an_inline_style(visit: Visit) -> None:
    """The gate can fail: what the policy forbids is a complaint."""
    page = visit.open("index.html")
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.wait_for_timeout(100)
    assert "Content Security Policy" in "".join(visit.complaints)
    visit.complaints.clear()
