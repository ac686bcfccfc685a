"""The navigation: what may stand in it, in its order; an entry stands there once its page is made.

Seven words are read at a glance; what fewer visitors look for stands under "More".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """A word of the menu and the page that it leads to."""

    name: str
    path: str
    more: bool = False  # whether it stands under "More"


ENTRIES = (
    Entry("Gallery", "index.html"),
    Entry("Compare", "compare/index.html"),
    Entry("Family tree", "lineage/index.html"),
    Entry("Trends", "trends/index.html"),
    Entry("Learn", "learn/index.html"),
    Entry("Run it", "run-it/index.html"),
    Entry("Describe", "describe/index.html"),
    Entry("Concepts", "concepts/index.html", more=True),
    Entry("Timeline", "timeline/index.html", more=True),
    Entry("Poster", "poster/index.html", more=True),
    Entry("Data", "data/index.html", more=True),
    Entry("Changes", "changes/index.html", more=True),
    Entry("About", "about/index.html", more=True),
)
"""The order is that of the questions: what is there, how it compares, where it comes from, what it costs."""


def menu(paths: Iterable[str]) -> tuple[Entry, ...]:
    """The entries whose pages are among those that are made."""
    written = set(paths)
    return tuple(entry for entry in ENTRIES if entry.path in written)


def section(path: str) -> str:
    """The entry's path that a page belongs to: a model's page to the gallery, a concept's to the lessons."""
    top, *below = path.split("/")
    if top == "models":
        return "index.html"
    top = "learn" if top == "concepts" and len(below) > 1 else top
    return next((entry.path for entry in ENTRIES if entry.path.partition("/")[0] == top), "")
