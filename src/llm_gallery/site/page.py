"""A file of the site: where it stands, and what makes it; a document is one that a template makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

TREE = "lineage"
"""The work of pages about the family tree; those of a model, whose work is its id, tell of its ancestors too."""


@dataclass(frozen=True, slots=True)
class Page:
    """One file. Those of the same `work` share what is slow to make: one process renders them all."""

    path: str
    render: Callable[[], bytes]
    work: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """An HTML page, not yet rendered: the template also gets the menu, which all documents make up.

    Links start at `root`, by default the relative way from `path` to the top.
    """

    path: str
    template: str
    values: Callable[[], Mapping[str, Any]]
    work: str = ""
    root: str | None = None
