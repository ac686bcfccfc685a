"""What all tests share: a browser, the golden comparison and the flag that writes golden files anew."""

from __future__ import annotations

import gc
import os
import re
import shutil
from collections.abc import Callable, Generator, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

from tests.catalog_cache import cache_catalog
from tests.marks import choose, unwanted

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from llm_gallery.lineage import Lineage, Member

Golden = Callable[[Path, str], None]

FLAGS = [
    "--no-sandbox",  # as root, Chromium doesn't start otherwise
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",  # letters as wide as a whole Chromium sets them
]

NEEDED = {"browser", "golden"}
"""Fixtures that are marks too."""
SHELL = "chromium-headless-shell"
"""Debian's Chromium without its windows."""
NO_CHROMIUM = (
    "Chromium is not installed: apt-get install chromium, or .venv/bin/playwright install chromium"
)

# A busy machine is no fault of the code, and no run finds by luck what the one before didn't: `make search` looks.
settings.register_profile("fixed", deadline=None, derandomize=True, database=None)
settings.register_profile("search", deadline=None, derandomize=False, database=None)
settings.load_profile("fixed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-golden",
        action="store_true",
        help="write tests/golden/ anew instead of comparing with it",
    )


def pytest_configure(config: pytest.Config) -> None:
    choose(config.option.markexpr)
    gc.set_threshold(50_000)
    """Fixed means the same values whatever ran before: Hypothesis also takes constants of the modules loaded so far."""
    if settings.get_current_profile_name() == "fixed":
        pytest.MonkeyPatch().setattr(providers, "_get_local_constants", Constants)
    cache_catalog()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    call: pytest.CallInfo[None],
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failure of a property says the example to paste above its test."""
    report = yield
    if call.excinfo is not None:
        report.sections += [
            ("to paste above the test", text) for text in _examples(call.excinfo.value)
        ]
    return report


def _examples(error: BaseException) -> Iterator[str]:
    """The calls that Hypothesis notes on an error, as decorators."""
    for note in getattr(error, "__notes__", ()):
        found = re.search(r"^Failing test case: \w+(\(\n.*?^\))", note, re.M | re.S)
        if found is not None:
            yield f"@example{found[1]}"
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _examples(one)


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(
    collector: pytest.Module | pytest.Class, name: str, obj: object
) -> list[pytest.Item] | None:
    """Makes no cases of a test that this run doesn't take."""
    if not collector.funcnamefilter(name):
        return None
    of_module = [mark.name for mark in collector.iter_markers()]
    own = [mark.name for mark in getattr(obj, "pytestmark", ())]
    return [] if unwanted(*of_module, *own) else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what a test needs by what it asks for, so that no test forgets it."""
    for item in items:
        for needed in NEEDED & {*getattr(item, "fixturenames", ())}:
            item.add_marker(needed)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skips what needs something that the machine lacks, all in one place so that pytest says it in one line.

    CI has a browser, or fails.
    """
    if item.get_closest_marker("truth") and find_spec("transformers") is None:
        pytest.skip("transformers is not installed (extra: truth)")
    if item.get_closest_marker("browser") and not os.environ.get("CI") and _chromium() is None:
        pytest.skip(NO_CHROMIUM)


@cache
def _chromium() -> str | None:
    """The machine's Chromium, else the one that Playwright has installed; the shell takes half the time."""
    named = map(shutil.which, (SHELL, "chromium", "chromium-browser", "google-chrome"))
    if found := next(filter(None, named), None):
        return found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        own = play.chromium.executable_path
    return own if Path(own).exists() else None


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compares a text with the golden file at that path, or writes it under --rewrite-golden."""
    rewrite = bool(request.config.getoption("--rewrite-golden"))

    def compared(path: Path, text: str) -> None:
        if rewrite:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        assert path.exists(), f"{path} is missing: run pytest --rewrite-golden"
        assert path.read_text("utf-8") == text

    return compared


@pytest.fixture(scope="session")
def members() -> tuple[Member, ...]:
    """Every model of the catalog, newest first."""
    from tests import described_catalog

    return described_catalog.members()


@pytest.fixture(scope="session")
def tree() -> Lineage:
    """Who descends from whom in the catalog."""
    from tests import described_catalog

    return described_catalog.tree()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    from playwright.sync_api import sync_playwright

    path = _chromium() or pytest.fail(NO_CHROMIUM)
    with sync_playwright() as play:
        launched = play.chromium.launch(executable_path=path, args=FLAGS)
        yield launched
        launched.close()
