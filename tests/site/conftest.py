"""A built site, served on loopback, and a browser to look at it with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from fcntl import LOCK_EX, flock
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from llm_gallery.server.serve import listening
from llm_gallery.site.build import build

MODEL = "models/qwen3-next-80b-a3b/index.html"
"""The page that most tests of a model's page open."""
PHONE = [{"width": 390}]
"""A visitor with a phone, to parametrize `visit` with."""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package's own catalog, built once for all processes that test it: the first one builds, the others wait."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with (shared / "site.lock").open("w") as held:
        flock(held, LOCK_EX)
        if not (shared / "site").exists():
            build(shared / "site")
    return shared / "site"


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Where the built site is served."""
    with listening(site, 0) as server:
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
    visit = Visit(context.new_page(), address)

    def said(message: ConsoleMessage) -> None:
        if message.type == "error":
            visit.complaints.append(message.text)

    def thrown(error: object) -> None:
        visit.complaints.append(f"exception: {error}")

    def asked(request: Request) -> None:
        if not request.url.removeprefix("blob:").startswith(visit.address):
            visit.complaints.append(f"asked elsewhere: {request.url}")

    def failed(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # a visitor who goes on leaves requests behind
            visit.complaints.append(f"{request.failure}: {request.url}")

    visit.page.on("console", said)
    visit.page.on("pageerror", thrown)
    visit.page.on("request", asked)
    visit.page.on("requestfailed", failed)
    yield visit
    context.close()
    assert visit.complaints == []
