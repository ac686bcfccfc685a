"""What the page of trends tells of a census, in a browser: nothing wider than the page, no fault that axe finds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copy
from threading import Thread

import pytest
from playwright.sync_api import expect

from llm_gallery.catalog.load import MODELS
from llm_gallery.server.serve import listening
from llm_gallery.site.build import build
from tests.built_sites import built_once
from tests.census.conftest import run
from tests.census.test_census import hub_rows
from tests.site.conftest import Visit
from tests.site.test_accessibility import EACH, VISITS, violations

REPOSITORIES = 600


@pytest.fixture(scope="session")
def address(shared: Path) -> Iterator[str]:
    """Where a site of three models and a census of many is served."""

    def make(folder: Path) -> None:
        beside = folder.with_name("census-of-many")
        beside.mkdir()
        run(beside / "out", hub_rows(beside / "rows.parquet", REPOSITORIES, group=REPOSITORIES))
        for model in ("gpt2-xl", "llama-3-8b", "deepseek-v3"):
            (beside / "few").mkdir(exist_ok=True)
            copy(MODELS / f"{model}.toml", beside / "few")
        build(folder, catalog=beside / "few", census=beside / "out")

    with listening(built_once(shared / "census-site", make), 0) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("visit", EACH, indirect=True, ids=lambda v: f"{v['width']}-{v['theme']}")
def test_a_census(visit: Visit) -> None:
    page = visit.open("trends/index.html")
    census = page.locator("#census")
    expect(census.locator(".note").first).to_contain_text(f"{REPOSITORIES:,} repositories")
    assert census.locator("figure svg").count() >= 10
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert violations(page) == []


@pytest.mark.parametrize("visit", VISITS[2:3], indirect=True)
def test_how_many_is_in_sight_on_a_phone(visit: Visit) -> None:
    """Of the most copied designs, the number that orders them needs no scrolling sideways."""
    page = visit.open("trends/index.html")
    table = page.locator("#census table").first
    head = table.get_by_role("columnheader", name="repositories")
    box = head.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 390
