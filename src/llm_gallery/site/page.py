"""A file of the site: where it stands, and what makes it; a document is one that a template makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

TREE = "lineage"
"""The work of pages about the family tree; those of a model, whose work is its id, tell of its ancestors too."""
TRENDS = "trends"
"""The work of the page of trends, whose map measures all pairs of designs."""
CONCEPTS = "concepts"
"""The work of pages of what is counted of concepts; a lesson's are of the work of the model that it is about."""


@dataclass(frozen=True, slots=True)
class Page:
    """One file. Those of the same `work` share what is slow to make: one process renders them all."""

    path: str
    render: Callable[[], bytes]
    work: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a document says of itself to who links to it, beside title and description."""

    kind: str = "WebPage"  # of schema.org
    about: Callable[[str], Mapping[str, Any]] | None = None  # more of it, by the site's address
    image: str = ""  # path of its title image, where that isn't the common one
    alt: str = ""  # what is seen on it
    size: tuple[int, int] = (1200, 630)  # its pixels
    newest: date | None = None  # the newest release that it tells of


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
    card: Card = Card()
    fetches: str = ""  # the one other host that its script may fetch from, when a reader asks
