"""Packages that only some commands need: the extra that brings them, and the one line where it isn't installed."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Literal

Extra = Literal["site", "export", "data", "census", "cluster", "hub", "run", "code"]
PACKAGES: dict[Extra, tuple[str, ...]] = {
    "site": ("jinja2", "markupsafe", "markdown_it", "latex2mathml"),
    "export": ("typst",),
    "data": ("pyarrow",),
    "census": ("duckdb", "pyarrow"),
    "cluster": ("ray",),
    "hub": ("huggingface_hub",),
    "run": ("numpy",),
    "code": ("ruff",),
}
"""What each extra brings that is imported here; a test compares it with pyproject.toml and with all imports."""


class Missing(ImportError):
    """An extra that isn't installed, what needs it, and the command that installs it, in one line."""


def need(extra: Extra, what: str) -> None:
    """Raises Missing where a package of the extra isn't installed; `what` begins the sentence."""
    for package in PACKAGES[extra]:
        if find_spec(package) is None:
            raise Missing(
                f"{what} needs {package}, which isn't installed: "
                f'pip install "llm-architecture-gallery[{extra}]"'
            )
