"""Python in the page, in a real browser: started once for all pages, stopped without an end, and where nothing is shared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Page, expect

from llm_gallery.server.serve import Server, listening
from tests.site.conftest import Visit
from tests.site.test_describe_in_browser import Quiet

LATENT = "concepts/multi-head-latent-attention/index.html"
EXPERTS = "concepts/mixture-of-experts/index.html"
DESCRIBE = "describe/index.html?m=qwen3-next-80b-a3b"
FOR_EVER = "    while True:\n        pass\n"
DEAF = "    sum(iter(int, 1))\n"
"""A loop in C: hears of no signal."""
UNSHARED = "delete globalThis.SharedWorker"
"""As in Chrome on Android."""


class Counting(Quiet):
    """Any host of files, which notes what it is asked for."""

    def __init__(self, *given: object, asked: list[str], **named: object) -> None:
        self.asked = asked
        super().__init__(*given, **named)  # type: ignore[arg-type]

    def log_request(self, code: object = "-", size: object = "-") -> None:
        self.asked.append(self.path)

    def end_headers(self) -> None:
        """A browser keeps nothing: what it loads again, it asks for again."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()


@pytest.fixture
def asked() -> list[str]:
    """The paths that a host was asked for."""
    return []


@pytest.fixture
def host(whole_site: Path, visit: Visit, asked: list[str]) -> Iterator[Visit]:
    """A visitor of the site where only files are: nothing there answers."""
    handler = partial(Counting, directory=str(whole_site), asked=asked)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        visit.address = f"http://127.0.0.1:{server.server_port}"
        yield visit
        server.shutdown()


@contextmanager
def served(site: Path) -> Iterator[Server]:
    with listening(site, 0) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def starts(asked: list[str]) -> int:
    """How often Python was loaded."""
    return sum(path.endswith("/pyodide.asm.wasm") for path in asked)


def run(page: Page) -> None:
    page.get_by_role("button", name="Run", exact=True).click()


def stopped(page: Page, code: str) -> None:
    """Code that doesn't end runs until somebody stops it."""
    put_in(page, code)
    run(page)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator('[data-out="refused"]')).to_have_text("Stopped.")


def put_back(page: Page) -> None:
    """The code as it was printed, which runs."""
    page.get_by_role("button", name="Reset", exact=True).click()
    expect(page.locator('[data-out="outcome"]')).to_have_text(re.compile("As printed"))


def ran(page: Page) -> None:
    """Runs, and waits for all of what is shown."""
    run(page)
    expect(page.locator(".run")).to_have_attribute("data-state", "shown")
    expect(page.locator('[data-out="outcome"]')).to_have_text(re.compile("As printed"))


def put_in(page: Page, lines: str) -> None:
    """Lines before the softmax."""
    code = page.locator(".run textarea")
    code.fill(code.input_value().replace("    p = softmax", f"{lines}    p = softmax", 1))


def test_it_lives_on_from_page_to_page(host: Visit, asked: list[str]) -> None:
    """Over lessons, a page without Python, the page that describes, and back."""
    ran(host.open(LATENT))
    ran(host.open(EXPERTS))
    host.open("index.html")
    expect(host.open(DESCRIBE).locator("#describe")).to_have_attribute("data-state", "shown")
    ran(host.open(LATENT))
    assert starts(asked) == 1


def test_two_pages_at_once_have_each_their_own_answers(host: Visit, asked: list[str]) -> None:
    other = host.page.context.new_page()
    other.goto(f"{host.address}/{EXPERTS}")
    page = host.open(LATENT)
    run(page)
    run(other)
    for one in (page, other):
        expect(one.locator(".run")).to_have_attribute("data-state", "shown")
        expect(one.locator('[data-out="outcome"]')).to_have_text(re.compile("As printed"))
    looked = [
        one.locator(".run select").evaluate("s => [...s.options].map((o) => o.value)")
        for one in (page, other)
    ]
    assert "latent" in looked[0]
    assert "latent" not in looked[1]
    assert starts(asked) == 1


def test_what_is_stopped_costs_no_start(host: Visit, asked: list[str]) -> None:
    page = host.open(LATENT)
    ran(page)
    stopped(page, FOR_EVER)
    put_back(page)
    assert starts(asked) == 1


def test_leaving_a_loop_frees_python(host: Visit, asked: list[str]) -> None:
    page = host.open(LATENT)
    ran(page)
    put_in(page, FOR_EVER)
    run(page)
    ran(host.open(EXPERTS))
    assert starts(asked) == 1


def test_what_hears_no_signal_is_left_behind(host: Visit, asked: list[str]) -> None:
    page = host.open(LATENT)
    ran(page)
    stopped(page, DEAF)
    put_back(page)
    ran(host.open(EXPERTS))
    assert starts(asked) == 2


def test_a_lesson_cannot_change_numpy_for_the_next(host: Visit) -> None:
    page = host.open(LATENT)
    code = page.locator(".run textarea")
    code.fill(f"{code.input_value()}\nnp.exp = np.sin\n")
    run(page)
    expect(page.locator('[data-out="outcome"]')).to_contain_text("Your change")
    ran(host.open(EXPERTS))


def test_where_nothing_is_shared_each_page_has_its_own(host: Visit, asked: list[str]) -> None:
    host.page.add_init_script(UNSHARED)
    page = host.open(LATENT)
    ran(page)
    stopped(page, FOR_EVER)
    expect(host.open(DESCRIBE).locator("#describe")).to_have_attribute("data-state", "shown")
    assert starts(asked) == 2


def test_from_disk_it_says_what_to_do(visit: Visit, whole_site: Path) -> None:
    visit.page.goto((whole_site / LATENT).as_uri())
    run(visit.page)
    expect(visit.page.locator('[data-out="refused"]')).to_contain_text("llm-gallery serve")
    visit.complaints.clear()


def test_under_the_policy_of_our_own_server(visit: Visit, whole_site: Path) -> None:
    """Which lets the worker look whether the page still waits."""
    with served(whole_site) as server:
        visit.address = f"http://127.0.0.1:{server.server_port}"
        page = visit.open(LATENT)
        ran(page)
        stopped(page, FOR_EVER)
        put_back(page)
        assert page.evaluate("localStorage.getItem('python')") is None  # none was left behind
