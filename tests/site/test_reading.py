"""What there is to read, on a model's page and in its data."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import expect

from llm_gallery.catalog.entry import Entry
from llm_gallery.catalog.load import find
from llm_gallery.site.build import build
from tests.site.conftest import Visit

ITEM = re.compile(
    r'<li><span class="kind">(.*?)</span><div><a href="(.*?)" rel="noopener noreferrer">(.*?)</a>'
    r' <span class="by">(.*?)</span><p>(.*?)</p></div></li>'
)


def test_pages_show_what_there_is_to_read(site: Path, listed: tuple[Entry, ...]) -> None:
    """In the order of the entry; the data of the page holds the same."""
    for entry in listed:
        folder = site / "models" / entry.id
        page = (folder / "index.html").read_text("utf-8")
        items = page.partition('<ol class="readings">')[2].partition("</ol>")[0]
        shown = [tuple(map(unescape, item)) for item in ITEM.findall(items)]
        assert shown == [
            (one.kind.capitalize(), one.address, one.title, one.by, one.why)
            for one in entry.reading
        ], entry.id
        held = json.loads((folder / "facts.json").read_text("utf-8"))
        assert [one["address"] for one in held["page"]["reading"]] == [item[1] for item in shown]
        assert held["report"] == entry.report


@pytest.mark.whole
def test_a_model_without_reading_has_no_section(tmp_path: Path) -> None:
    text = (find("kimi-k3").file or Path()).read_text("utf-8")
    (tmp_path / "catalog").mkdir()
    bare = text[: text.index("[[reading]]")] + text[text.index("[config]") :]
    (tmp_path / "catalog" / "bare.toml").write_text(bare, "utf-8")
    build(tmp_path / "site", tmp_path / "catalog")
    page = (tmp_path / "site" / "models" / "bare" / "index.html").read_text("utf-8")
    assert "<h2>Links</h2>" in page
    assert "<h2>Reading</h2>" not in page


def test_the_list_is_read_and_followed(visit: Visit) -> None:
    """Each link has a name of its own, and is wide enough for a finger."""
    page = visit.open("models/deepseek-v3/index.html")
    items = page.locator("#reading li")
    expect(items).to_have_count(5)
    expect(items.first.get_by_role("link")).to_have_accessible_name("DeepSeek-V3 Technical Report")
    code = items.last
    expect(code).to_contain_text(re.compile(r"at v[\d.]+, line \d+"))
    link = code.get_by_role("link")
    expect(link).to_have_attribute("href", re.compile(r"/blob/v[\d.]+/.*\.py#L\d+$"))
    for item in items.all():
        box = item.bounding_box()
        assert box is not None
        assert box["height"] >= 40
