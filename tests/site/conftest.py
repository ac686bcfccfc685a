"""A built site, served on loopback, and a browser to look at it with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from shutil import copy
from threading import Thread

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from llm_gallery.catalog.entry import Entry
from llm_gallery.catalog.load import MODELS, entries
from llm_gallery.server.serve import listening
from llm_gallery.site.build import build
from tests.built_sites import built_once, catalog_site
from tests.sample import dozen

MODEL = "models/qwen3-next-80b-a3b/index.html"
"""The page that most tests of a model's page open."""
expect.set_options(timeout=60_000)
"""Ms until what is expected must be there: a busy machine takes its time, and a page that fails fails all the same."""
LOOKED_AT = "gpt-oss-120b"
"""The model of the sample whose page several tests read."""
PHONE = [{"width": 390}]
"""A visitor with a phone, to parametrize `visit` with."""


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of all processes that test."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def whole_site(shared: Path) -> Path:
    """The site of the package's own catalog."""
    return catalog_site(shared)


@pytest.fixture(
    scope="session",
    params=["sample", pytest.param("catalog", marks=pytest.mark.whole)],
)
def catalog(request: pytest.FixtureRequest, shared: Path) -> Path:
    """The folder of a site's entries: a dozen each time, all of them in `make whole`."""

    def chosen(folder: Path) -> None:
        folder.mkdir()
        for model in (*dozen(), LOOKED_AT):
            copy(MODELS / f"{model}.toml", folder)

    return MODELS if request.param == "catalog" else built_once(shared / "sample", chosen)


@pytest.fixture(scope="session")
def listed(catalog: Path) -> tuple[Entry, ...]:
    """The entries of that folder, newest first."""
    return entries(catalog)


@pytest.fixture(scope="session")
def site(catalog: Path, shared: Path, request: pytest.FixtureRequest) -> Path:
    """The site of that folder."""
    if catalog == MODELS:
        every: Path = request.getfixturevalue("whole_site")
        return every
    return built_once(shared / "sample-site", partial(build, catalog=catalog))


@pytest.fixture(scope="session")
def address(whole_site: Path) -> Iterator[str]:
    """Where the built site is served."""
    with listening(whole_site, 0) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@dataclass
class Visit:
    """A page being looked at, and everything that went wrong while it was."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Goes there and waits until everything is loaded."""
        self.page.goto(f"{self.address}/{path}", wait_until="load")
        return self.page


def with_fonts(page: Page) -> None:
    """Waits until the page's own font is there, which is asked for after the first paint."""
    loaded = """() => [...document.fonts].some((face) => face.family === "Inter" && face.status === "loaded")"""
    page.wait_for_function(loaded)
    page.evaluate("document.fonts.ready.then(() => null)")


@pytest.fixture
def visit(address: str, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A fresh visitor: parametrize indirectly with {"width", "theme", "script"}.

    Console errors, exceptions, failed requests and violations of the Content-Security-Policy fail the test.
    """
    wanted = getattr(request, "param", {})
    context = browser.new_context(
        viewport={"width": wanted.get("width", 1440), "height": 900},
        color_scheme=wanted.get("theme", "light"),
        has_touch=wanted.get("width", 1440) < 500,
        java_script_enabled=wanted.get("script", True),
    )
    visit = watched(context.new_page(), address)
    yield visit
    context.close()
    assert visit.complaints == []


def watched(page: Page, address: str) -> Visit:
    """A visit whose complaints are noted from now on."""
    visit = Visit(page, address)

    def said(message: ConsoleMessage) -> None:
        if message.type == "error":
            visit.complaints.append(message.text)

    def thrown(error: object) -> None:
        visit.complaints.append(f"exception: {error}")

    def asked(request: Request) -> None:
        if not request.url.removeprefix("blob:").startswith(visit.address):
            visit.complaints.append(f"asked elsewhere: {request.url}")

    def failed(request: Request) -> None:
        if request.url.startswith("blob:"):  # a page takes it away to stop its Python
            return
        if request.failure != "net::ERR_ABORTED":  # a visitor who goes on leaves requests behind
            visit.complaints.append(f"{request.failure}: {request.url}")

    page.on("console", said)
    page.on("pageerror", thrown)
    page.on("request", asked)
    page.on("requestfailed", failed)
    return visit
