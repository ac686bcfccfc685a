"""A lesson on paper: all steps, each with its words and the drawing as it is lit."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from llm_gallery.lessons.lesson import lessons
from llm_gallery.lessons.taught import computed_lesson
from tests.sample import first
from tests.site.conftest import Visit
from tests.site.pdf import texts

LATENT = "multi-head-latent-attention"
PRINTED = [LATENT, "cross-attention", "sliding-window-attention", "mixed-norm", "rope"]
"""Lessons with two drawings and with one, with code and without; the others in `make every`."""


@pytest.mark.parametrize("concept", first(lessons(), PRINTED, {*lessons()} - {*PRINTED}))
@pytest.mark.parametrize("visit", [{}], indirect=True)
def test_on_paper_stand_all_steps(visit: Visit, concept: str) -> None:
    """Each with its words and the drawing as it is lit; the code whole; no page is empty."""
    told = computed_lesson(lessons()[concept])
    page = visit.open(f"concepts/{concept}/index.html")
    page.emulate_media(media="print")
    for number, step in enumerate(told.steps, 1):
        expect(page.get_by_role("heading", name=f"{number}. {step.title}")).to_be_visible()
    assert page.locator(".of-step").evaluate_all(DRAWN) == [True] * len(told.steps)
    for line in page.locator("#the-code .ln").all():
        assert line.evaluate("line => line.checkVisibility({ visibilityProperty: true })")
    assert page.locator(".code pre").evaluate_all(
        "all => all.every((pre) => pre.scrollHeight <= pre.clientHeight + 1 && pre.clientHeight > 0)"
    )
    expect(page.locator(".tabs")).to_be_hidden()
    page.emulate_media(media="screen")
    pages = texts(page.pdf(format="A4"))
    assert len(pages) > 2
    assert min(pages) > 0


DRAWN = """all => all.map((one) => one.checkVisibility({ visibilityProperty: true }) && one.getBoundingClientRect().height > 50
  && [...one.querySelectorAll("use")].every((use) => document.querySelector(use.getAttribute("href")) && use.getBBox().width > 50))"""


@pytest.mark.parametrize(
    "visit", [{}, {"theme": "dark"}, {"script": False}], indirect=True, ids=str
)
def test_on_paper_each_step_is_lit_otherwise(visit: Visit) -> None:
    """As pictures: what is dim in one is drawn in full in another; the same with scripts and without, in any theme."""
    page = visit.open(f"concepts/{LATENT}/index.html")
    page.emulate_media(media="print")
    steps = lessons()[LATENT].steps
    shown = [step.screenshot() for step in page.locator(".of-step").all()]
    assert len({*shown}) == len({step.lights for step in steps}) > 3
    plain = page.locator(".of-step").first
    plain.evaluate("one => one.querySelectorAll('use')[1].remove()")
    assert plain.screenshot() not in shown
