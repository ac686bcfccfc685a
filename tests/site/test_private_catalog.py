"""A lab's own gallery of one to three models: every page is made, says what there is, and runs without an error."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, ConsoleMessage

from llm_gallery.catalog.load import MODELS
from llm_gallery.server.serve import listening
from llm_gallery.site.build import build
from tests.sample import first
from tests.site.test_pages import Tree

WIDTHS = (1440, 390)
CATALOGS = {
    "one": ("qwen3-0.6b",),
    "two": ("gpt2-xl", "qwen3-0.6b"),
    "nothing new": ("deepseek-v3", "deepseek-r1", "deepseek-v3.1"),
}


@pytest.fixture(scope="module", params=first(CATALOGS, ("one",), ("two",)))
def private(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """A catalog and its site."""
    folder = tmp_path_factory.mktemp("private")
    (folder / "catalog").mkdir()
    for model in CATALOGS[request.param]:
        shutil.copy(MODELS / f"{model}.toml", folder / "catalog")
    build(folder / "site", folder / "catalog")
    return folder / "catalog", folder / "site"


def test_every_page_is_well_formed_and_its_links_lead_somewhere(
    private: tuple[Path, Path],
) -> None:
    _, site = private
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 20
    for page in pages:
        tree = Tree(page.read_text("utf-8"))
        for link in tree.values("href", "src"):
            path = link.partition("#")[0].partition("?")[0]
            if path and "://" not in path and page.name != "404.html":
                assert (page.parent / path).resolve().is_file(), (page, link)


def test_counts_agree_with_their_nouns(private: tuple[Path, Path]) -> None:
    catalog, site = private
    if len(list(catalog.iterdir())) == 1:
        for page in sorted(site.glob("*/index.html")):
            text = page.read_text("utf-8")
            for noun in ("models", "organizations", "designs", "families", "ideas"):
                assert f" 1 {noun}" not in text, page
                assert f">1 {noun}" not in text, page


def turns(site: Path, turn: int) -> Iterator[Path]:
    """The pages that a visitor opens: all that are alone of their kind, and of others its share."""
    for number, path in enumerate(p for p in sorted(site.rglob("*.html")) if p.name != "404.html"):
        many = len(path.relative_to(site).parts) > 2
        if not many or number % len(WIDTHS) == turn:
            yield path


def test_every_page_runs(private: tuple[Path, Path], browser: Browser) -> None:
    """No exception and no complaint of the console, on a desktop and on a phone; none wider than its window.

    Of the pages of one kind, as those of concepts, each is opened by one or the other in turn and then given both widths.
    """
    catalog, site = private
    faults: list[str] = []

    def heard(said: ConsoleMessage) -> None:
        if said.type == "error":
            faults.append(said.text)

    with listening(site, 0, catalog) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        for turn, width in enumerate(WIDTHS):
            context = browser.new_context(viewport={"width": width, "height": 900})
            page = context.new_page()
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on("console", heard)
            for path in turns(site, turn):
                page.set_viewport_size({"width": width, "height": 900})
                page.goto(f"http://127.0.0.1:{server.server_port}/{path.relative_to(site)}")
                for room in (width, *(set(WIDTHS) - {width})):
                    page.set_viewport_size({"width": room, "height": 900})
                    if page.evaluate("document.documentElement.scrollWidth") > room:
                        faults.append(f"{path}: wider than {room}")
            context.close()
        server.shutdown()
    assert faults == []
