"""The prose on top of a model's page: what the library says, with names of parts and models as links."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page

from llm_gallery import explain
from llm_gallery.explanation import Explanation, Named, Paragraph, Sentence, to_json
from llm_gallery.site.explained import Span, explanation, prose
from tests.described_catalog import site as described
from tests.sample import models
from tests.site.conftest import MODEL, PHONE, Visit, with_fonts
from tests.site.test_pages import Tree

NAMES = [Named("attention", "m.0.attn"), Named("latent attention", "m.1.attn")]


def test_names_are_links_where_a_paragraph_first_has_them() -> None:
    first = Sentence("It has latent attention and attention.", tuple(NAMES))
    second = Sentence(
        "Unlike X, attention is <plain>, preattention isn't.", (), (Named("X", "x-1"),)
    )
    (paragraph,) = prose(Explanation("x", "X", (Paragraph("", (first, second)),)))
    assert paragraph == (
        (
            Span("It has "),
            Span("latent attention", part="m.1.attn"),
            Span(" and "),
            Span("attention", part="m.0.attn"),
            Span("."),
        ),
        (
            Span("Unlike "),
            Span("X", model="x-1"),
            Span(", "),
            Span("attention"),
            Span(" is <plain>, preattention isn't."),
        ),
    )


@pytest.mark.parametrize("model", models())
def test_a_page_says_what_the_command_says(model: str) -> None:
    """The site knows the nearest models from its own family tree, the command from what is measured of the catalog."""
    shown = next(one for one in described().models if one.id == model)
    assert to_json(explanation(shown, described())) == explain(model).to_json()


@pytest.mark.whole
def test_the_page_holds_it_as_text_and_as_data(whole_site: Path) -> None:
    page = whole_site / MODEL
    tree = Tree(page.read_text("utf-8"))
    parts = [held["href"] for tag, held in tree.elements if held.get("class") == "say-part"]
    assert "#model.layers.0.linear_attn" in parts
    assert "#model.layers.0.mlp" in parts
    facts = json.loads((page.parent / "facts.json").read_text("utf-8"))
    assert facts["page"]["explained"] == [p.text for p in explain(page.parent.name).paragraphs]


def columns(page: Page) -> int:
    """How many paragraphs begin beside one another at most."""
    return len(
        set(
            page.eval_on_selector_all(
                ".explain b", "all => all.map(b => b.getBoundingClientRect().x)"
            )
        )
    )


@pytest.mark.parametrize(
    ("visit", "count"),
    [({"width": 1440}, 2), ({"width": 1000}, 1), (PHONE[0], 1)],
    indirect=["visit"],
)
def test_it_stands_in_columns_beside_the_tower(visit: Visit, count: int) -> None:
    page = visit.open(MODEL)
    with_fonts(page)
    assert columns(page) == count
    explained = page.locator(".explain").bounding_box()
    figure = page.locator("#figure").bounding_box()
    assert explained is not None
    assert figure is not None
    assert explained["y"] + explained["height"] <= figure["y"]
    tower = page.locator(".at-a-glance svg").bounding_box()
    assert tower is not None
    if visit.page.viewport_size != {"width": 390, "height": 900}:
        assert tower["x"] + tower["width"] < explained["x"]
        assert tower["y"] < explained["y"] + explained["height"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("visit", [{"script": False}], indirect=True)
def test_it_is_read_without_scripts(visit: Visit) -> None:
    text = visit.open(MODEL).locator(".explain").inner_text()
    for paragraph in explain("qwen3-next-80b-a3b").paragraphs:
        for sentence in paragraph.sentences:
            assert sentence.text in " ".join(text.split())
