"""What all tests share: the flag that writes golden files anew, and the golden comparison."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

Golden = Callable[[Path, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-golden",
        action="store_true",
        help="write tests/golden/ anew instead of comparing with it",
    )


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
