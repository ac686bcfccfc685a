"""A token's way in the inspector of a model's page: the figure's steps, each with the part that it is about."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from llm_gallery.catalog.load import find
from llm_gallery.figure.steps import Steps, steps
from tests.site.conftest import MODEL, PHONE, Visit
from tests.site.test_accessibility import violations
from tests.site.test_widths_in_browser import LEAST_TYPE

PACE = 7_000
"""Ms of a step that is played."""


def walk() -> Steps:
    model = find("qwen3-next-80b-a3b")
    return steps(model.architecture, model.heading)


def begun(visit: Visit) -> Page:
    page = visit.open(MODEL)
    page.locator("#figure").evaluate("box => box.scrollIntoView({ behavior: 'instant' })")
    page.get_by_role("button", name="Walk a token").click()
    expect(page.locator(".walk output")).to_have_text(re.compile("^1 of "))
    return page


def test_each_step_shows_its_panel_and_tells_of_its_part(visit: Visit) -> None:
    page = begun(visit)
    on = page.get_by_role("button", name="Step on")
    expect(on).to_be_focused()
    panels = walk().panels
    for number, step in enumerate(panels, start=1):
        expect(page.locator(".walk output")).to_have_text(f"{number} of {len(panels)}")
        expect(page.locator(".told-now .step title").first).to_contain_text(step.title)
        expect(page.locator(".over .token")).to_have_count(1)
        if number < len(panels):
            on.click()
    expect(on).to_have_attribute("aria-disabled", "true")
    page.get_by_role("button", name="Step back").click()
    expect(page.locator(".walk output")).to_have_text(f"{len(panels) - 1} of {len(panels)}")
    page.get_by_role("button", name="End").click()
    expect(page.locator(".told-now h2")).to_have_text("The whole model")
    expect(page.locator(".over .token")).to_have_count(0)


def test_it_plays_by_itself_until_it_is_paused(visit: Visit) -> None:
    """A step for each pace of the clock; who moves on, pauses or reaches the end has stopped it."""
    visit.page.clock.install()
    page = begun(visit)
    said, count = page.locator(".walk output"), len(walk().panels)
    page.clock.run_for(60_000)
    expect(said).to_have_text(f"1 of {count}")  # nobody asked for it
    play = page.locator("[data-walk=play]")
    play.press("Enter")
    expect(play).to_have_text("Pause")
    page.clock.run_for(PACE - 100)
    expect(said).to_have_text(f"1 of {count}")
    page.clock.run_for(200)
    expect(said).to_have_text(f"2 of {count}")
    play.press("Enter")
    expect(play).to_have_text("Play")
    page.clock.run_for(60_000)
    expect(said).to_have_text(f"2 of {count}")
    play.click()
    page.get_by_role("button", name="Step on").click()
    expect(play).to_have_text("Play")
    play.click()
    for number in range(4, count + 1):
        page.clock.run_for(PACE)
        expect(said).to_have_text(f"{number} of {count}")
    expect(play).to_have_text("Play")
    play.click()
    expect(said).to_have_text(f"1 of {count}")  # from the beginning
    page.keyboard.press("Escape")
    expect(play).to_be_hidden()
    page.clock.run_for(60_000)
    expect(said).to_have_text("")


def test_nothing_plays_where_motion_is_reduced(visit: Visit) -> None:
    visit.page.emulate_media(reduced_motion="reduce")
    page = begun(visit)
    expect(page.locator("[data-walk=play]")).to_be_hidden()
    expect(page.get_by_role("button", name="Step on")).to_be_visible()


def test_steps_are_about_parts_of_the_model() -> None:
    paths = [step.part for step in walk().panels]
    assert paths == [
        "model.embed_tokens", "model.layers", "model.layers.0",
        "model.layers.0.linear_attn", "model.layers.0.mlp", "lm_head",
    ]  # fmt: skip


def test_arrows_move_it_and_escape_ends_it(visit: Visit) -> None:
    page = begun(visit)
    page.keyboard.press("ArrowRight")
    expect(page.locator(".walk output")).to_have_text(re.compile("^2 of "))
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".walk output")).to_have_text(re.compile("^1 of "))
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Walk a token")).to_be_visible()
    expect(page.locator(".told-now h2")).to_have_text("The whole model")


@pytest.mark.parametrize("visit", PHONE, indirect=True)
def test_on_a_phone_the_sentence_stands_first(visit: Visit) -> None:
    page = begun(visit)
    expect(page.locator(".lead-step")).to_be_in_viewport()
    expect(page.locator(".told-now .step")).to_be_hidden()
    page.get_by_role("button", name="Step on").click()
    expect(page.locator(".lead-step")).to_contain_text("Up through 48 layers")
    page.locator(".grip").click()
    expect(page.locator(".told-now .step")).to_be_visible()


@pytest.mark.parametrize("visit", [{"width": width} for width in (1180, 1440)], indirect=True)
def test_type_of_panels_is_at_least_ten_pixels(visit: Visit) -> None:
    page = begun(visit)
    assert page.locator(".told-now .step").evaluate(LEAST_TYPE) >= 10


@pytest.mark.parametrize("visit", [{}, *PHONE], indirect=True)
def test_axe_over_a_step(visit: Visit) -> None:
    assert violations(begun(visit)) == []


@pytest.mark.parametrize(
    "visit", [{"script": False}, {"width": 375, "script": False}], indirect=True
)
def test_without_scripts_the_steps_are_told(visit: Visit) -> None:
    page = visit.open(MODEL)
    told = page.locator("noscript li")
    expect(told).to_have_count(len(walk().panels))
    expect(told.nth(5)).to_contain_text("What stays, what follows")
    expect(told.nth(5)).to_be_visible()


@pytest.mark.parametrize("visit", PHONE, indirect=True)
def test_the_strip_is_taken_away(visit: Visit) -> None:
    page = visit.open(MODEL)
    with page.expect_download() as caught:
        page.locator("[data-made=steps]").click()
    assert caught.value.suggested_filename == "qwen3-next-80b-a3b-steps.svg"
    assert Path(caught.value.path()).read_bytes().startswith(b"<svg")


def test_panels_are_small(site: Path) -> None:
    for file in sorted(site.glob("drawings/*-steps.js")):
        assert len(gzip.compress(file.read_bytes(), 6)) <= 16 * 1024, file
