"""What all tests share: a browser, the golden comparison and the flag that writes golden files anew."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Generator, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Golden = Callable[[Path, str], None]

FLAGS = [
    "--no-sandbox",  # as root, Chromium doesn't start otherwise
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

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


def pytest_configure() -> None:
    """Fixed means the same values whatever ran before: Hypothesis also takes constants of the modules loaded so far."""
    if settings.get_current_profile_name() == "fixed":
        pytest.MonkeyPatch().setattr(providers, "_get_local_constants", providers.Constants)


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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without transformers, the tests that ask it are skipped and say so; CI runs them in their own environment."""
    if find_spec("transformers") is not None:
        return
    for item in items:
        if item.get_closest_marker("truth"):
            item.add_marker(pytest.mark.skip(reason="transformers is not installed (extra: truth)"))


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
def browser() -> Iterator[Browser]:
    """A real Chromium; tests that need one are skipped where there is none, and fail in CI."""
    from playwright.sync_api import sync_playwright

    found = [
        path
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (path := shutil.which(name))
    ]
    if not found:
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing("Chromium is not installed (apt-get install chromium)")
    with sync_playwright() as play:
        launched = play.chromium.launch(executable_path=found[0], args=FLAGS)
        yield launched
        launched.close()
