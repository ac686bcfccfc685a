"""The page of what was measured: rows by model, our number beside what is stated, and points where the ratio is."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

from playwright.sync_api import expect

from llm_gallery.catalog.entry import Entry
from llm_gallery.catalog.measured import Memory, sources
from llm_gallery.catalog.measured_bands import DENSE, bands
from llm_gallery.catalog.measured_beside import MemoryBeside, Range, memory_beside, speed_beside
from llm_gallery.site import measured_page
from tests.site.conftest import Visit

SPEEDS = [run for held in sources() for run in held.speeds]
MEMORY = [row for held in sources() for row in held.memory]


def row_of(**wanted: object) -> Memory:
    return next(
        row for row in MEMORY if all(getattr(row, key) == value for key, value in wanted.items())
    )


def test_rows_of_every_model_that_was_measured(site: Path, listed: tuple[Entry, ...]) -> None:
    page = (site / "measured" / "index.html").read_text("utf-8")
    shown = {entry.id for entry in listed}
    runs = [run for run in SPEEDS if run.model in shown]
    lines = [row for row in MEMORY if row.model in shown]
    assert page.count('<circle class="solid') == len(runs)
    for link in [run.link for run in runs] + [row.link for row in lines]:
        assert f'href="{link}"' in page
    measured = {run.model for run in runs} | {row.model for row in lines}
    assert set(re.findall(r'<tbody data-model="([^"]+)"', page)) == measured
    assert len(re.findall(r'<td class="n"><a href', page)) == len(runs) + len(lines)
    for source in sources():
        assert source.title in page


def test_what_differs_says_why_and_what_agrees_shows_no_reason() -> None:
    row = row_of(model="deepseek-v2-lite")
    shown = measured_page.memory_row(memory_beside(row))
    assert shown.cells == (
        "llama.cpp",
        "cache",
        "DeepSeek-Coder-V2-Lite, 8 × 2,048 tokens, 256 in flight",
        "4320.00 MiB",
        "486.00 MiB",
    )
    assert shown.why == row.why
    agreed = measured_page.memory_row(memory_beside(row_of(stated="353.28 MiB")))
    assert agreed.cells[2:] == ("34,048 tokens, cache q8_0", "353.28 MiB", "353.28 MiB")
    assert not agreed.why


def test_requests_are_between_two_numbers_where_they_differ() -> None:
    row = row_of(stated="27.81")
    beside = MemoryBeside(row, Range(Fraction(31134, 1000), Fraction(31309, 1000)))
    assert measured_page.memory_row(beside).cells[4] == "31.13 to 31.31"


def test_a_run_by_hand() -> None:
    """68 GB/s over 3,822,520,893 B less the input embedding's rows: at most 18.1 tokens a second, 14.15 of them measured."""
    run = next(run for run in SPEEDS if run.rate == Fraction(1415, 100))
    shown = measured_page.speed_row(speed_beside(run))
    assert shown.cells == (
        "Q4_0",
        "Apple M1, 8 GPU cores",
        "llama.cpp, Metal",
        "0",
        "14.2",
        "18.1",
        "0.78",
    )


def test_marks_stand_where_the_quantiles_are() -> None:
    drawn = measured_page.Drawn("dense", "5 runs", bands()[DENSE])
    assert drawn.at(Fraction(0)) == "0"
    assert drawn.at(Fraction(1, 2)) == "150"
    assert drawn.at(Fraction(1)) == "300"


def test_one_models_rows_are_chosen_and_stand_in_the_address(visit: Visit) -> None:
    page = visit.open("measured/index.html")
    parts = page.locator("tbody[data-model]")
    expect(parts.first).to_be_visible()
    model = str(parts.first.get_attribute("data-model"))
    page.select_option("#model", model)
    expect(page.locator(f"tbody[data-model]:not([data-model='{model}'])").first).to_be_hidden()
    expect(page.locator(f"tbody[data-model='{model}']").first).to_be_visible()
    assert page.url.endswith(f"#{model}")
    page.reload()
    expect(page.locator("#model")).to_have_value(model)
    page.select_option("#model", "")
    assert "#" not in page.url
