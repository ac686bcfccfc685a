"""A lesson's dial: what is read off at each of its places is what is counted of a config with that value."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from llm_gallery.catalog.load import find
from llm_gallery.lessons import dials
from llm_gallery.lessons.dial import counted_dial, dial_numbers
from llm_gallery.lessons.lesson import lessons
from tests.site.conftest import Visit

LATENT = "multi-head-latent-attention"
PAGE = f"concepts/{LATENT}/index.html"


def test_the_dial_turns_all_numbers(visit: Visit) -> None:
    """What is read off at each place is what is counted of a config with that value."""
    lesson = lessons()[LATENT]
    assert lesson.dial is not None
    counted = counted_dial(lesson, lesson.dial)
    page = visit.open(PAGE)
    reads = page.locator(".dial .read dd.n")
    for at, place in enumerate(counted.places):
        page.locator("#dial").fill(f"{at}")
        assert reads.all_text_contents() == list(place.words)
        expect(page.locator(".dial .verdict p").first).to_have_text(place.text)
        expect(page.locator(".dial output")).to_have_text(f"{place.value:,}")


def test_the_dial_turns_on_another_model(visit: Visit) -> None:
    """Its places and numbers are those that are counted of that model's config; the lesson's own come back."""
    lesson = lessons()[LATENT]
    assert lesson.dial is not None
    page = visit.open(PAGE)
    choice = page.get_by_label("Of the model")
    before = page.locator(".dial .read").inner_text()
    for model in ("kimi-k2", "mistral-small-4-119b"):
        counted = dials.count(lesson, lesson.dial, model)
        assert counted is not None
        own, amounts, without = counted
        by = dial_numbers(lesson, lesson.dial)
        choice.select_option(model)
        expect(page.locator(".dial .verdict p").first).to_have_text(f"{find(model).name} as it is.")
        expect(page.locator(".dial output")).to_have_text(f"{own:,}")
        expect(page.locator(".dial .stops li.own .n")).to_have_text(f"{own:,}")
        for at, (value, held) in enumerate(amounts.items()):
            page.locator("#dial").fill(f"{at}")
            expect(page.locator(".dial output")).to_have_text(f"{int(value):,}")
            words = [quantity.words(n) for quantity, n in zip(by, held, strict=True)]
            assert page.locator(".dial .read dd.n").all_text_contents() == words
        undone = [quantity.words(n) for quantity, n in zip(by, without or (), strict=True)]
        told = page.locator(".dial .vs").all_text_contents()
        assert told[0].endswith(f"if every head’s key and value were kept: {undone[0]}")
    choice.select_option("")
    assert page.locator(".dial .read").inner_text() == before


def test_a_dial_shows_apart_what_it_turns(visit: Visit) -> None:
    """The layers with a window beside those without: halved, their cache is half, which the whole doesn't show."""
    page = visit.open("concepts/sliding-window-attention/index.html")
    row = page.locator(".dial .read > div", has_text="Of it, what the dial turns")
    expect(row.locator("dd.n")).to_have_text("416 MiB, 3.9%")
    expect(row.locator(".vs")).to_have_text(
        re.compile(r"^as it is 416 MiB, 3.9%, the rest 10 GiB; ")
    )
    page.locator("#dial").fill("2")
    expect(row.locator("dd.n")).to_have_text("208 MiB, 2%")
