"""Every number that a model page shows stands in its facts.json, its figures' numbers too."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

from llm_gallery.catalog.entry import Entry
from llm_gallery.figure.kit.chart import BELOW, BESIDE
from llm_gallery.site.chart import FRAME
from tests.site.page_data import data

NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
TAG = re.compile(r"<[^>]*>")
CHART = re.compile(r'<div class="chart-box">.*?</svg>', re.DOTALL)
AXIS = re.compile(
    rf'<text [^>]*(x="{FRAME.left - BESIDE:g}" y="[\d.]+"|y="{FRAME.bottom + BELOW:g}")>[^<]*</text>'
)
"""Words at the axes of the chart: its scale, and no number of the model."""


def numbers(text: str) -> set[str]:
    """Each without commas and zeros before it: a day is written as 07 there and as 7 here."""
    return {found.replace(",", "").lstrip("0") for found in NUMBER.findall(text)}


def shown(html: str) -> set[str]:
    """Numbers that a reader sees in a page's main part."""
    main = html.partition("<main")[2].partition("</main>")[0]
    main = CHART.sub(lambda chart: AXIS.sub("", chart[0]), main)
    return numbers(unescape(TAG.sub(" ", main)))


def test_every_number_is_there(site: Path, listed: tuple[Entry, ...]) -> None:
    for entry in listed:
        folder = site / "models" / entry.id
        held = json.loads((folder / "facts.json").read_text("utf-8"))
        said = numbers(json.dumps(held, ensure_ascii=False))
        page = shown((folder / "index.html").read_text("utf-8"))
        assert len(page) > 50, entry.id
        assert page - said == set(), entry.id
        drawn = data(site / "drawings" / f"{entry.id}-full.js")
        assert shown(f"<main>{drawn}</main>") - said == set(), entry.id


def test_numbers_stand_under_their_headings(site: Path) -> None:
    """Not somewhere: a few that are easily checked by hand."""
    held = json.loads((site / "models" / "gpt-oss-120b" / "facts.json").read_text("utf-8"))
    page = held["page"]
    total = held["parameters"]["total"]
    (scale, *_) = page["sheet"]
    assert (scale["title"], scale["rows"][0]["value"]) == ("Scale", f"{total:,}")
    assert sum(part["stored"] for part in page["parts"]) == total
    assert sum(tensor["elements"] for tensor in page["tensors"]) == total
    printed = (site / "models" / "gpt-oss-120b" / "model.py").read_text("utf-8")
    assert page["code"][-1]["last"] == len(printed.splitlines())
    own = page["cache_over_context"][0]
    assert own["name"] == "gpt-oss 120B"
    assert own["kept"]["131072"]["bytes"] == held["cache"]["bytes_at"]["131072"]
    for level in page["figure"].values():
        assert not any("(" in words and "stated" in words for words in level["seen"])
