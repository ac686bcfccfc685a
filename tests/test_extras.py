"""The packages of the extras are those that pyproject.toml names and that the code imports, no more and no fewer."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from llm_gallery.extras import PACKAGES, Extra, Missing, need

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
BEHIND = {"markupsafe": "jinja2"}
"""What comes with another package, as its interface says."""


def imported() -> Iterator[str]:
    """Every package that the code imports."""
    for file in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield (node.module or "").partition(".")[0]


def distributed(packages: set[str]) -> set[str]:
    """The names under which packages are installed."""
    held = packages_distributions()
    return {held[BEHIND.get(name, name)][0].lower().replace("_", "-") for name in packages}


def named(requirements: list[str]) -> set[str]:
    names = {re.split(r"[\[<>=]", line)[0].replace("_", "-") for line in requirements}
    return names - {PROJECT["name"]}


def test_every_import_is_of_the_core_or_of_an_extra() -> None:
    others = set(imported()) - sys.stdlib_module_names - {"llm_gallery"}
    optional = {name for packages in PACKAGES.values() for name in packages}
    assert optional <= others
    assert distributed(others - optional) == named(PROJECT["dependencies"])


@pytest.mark.parametrize("extra", PACKAGES)
def test_an_extra_is_what_pyproject_says(extra: Extra) -> None:
    wanted = named(PROJECT["optional-dependencies"][extra])
    assert distributed(set(PACKAGES[extra])) == wanted


def test_what_is_installed_is_not_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    need("site", "The site")
    monkeypatch.setitem(sys.modules, "markupsafe", None)
    with pytest.raises(Missing) as raised:
        need("site", "The site")
    assert str(raised.value) == (
        "The site needs markupsafe, which isn't installed: "
        'pip install "llm-architecture-gallery[site]"'
    )
