"""The timeline: every model under its month, with its changes and firsts; and the feed of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from llm_gallery.catalog.entry import Entry
from llm_gallery.concepts import Concept
from llm_gallery.concepts import concepts as known
from llm_gallery.lineage import Step, step_words
from llm_gallery.plan.heading import MONTHS
from llm_gallery.site.contents import Site
from llm_gallery.site.feed import Item, feed
from llm_gallery.site.page import TREE, Document, Page


@dataclass(frozen=True, slots=True)
class Release:
    """A model, its nearest ancestor, what changed from it, and the concepts that no earlier model has."""

    entry: Entry
    step: Step | None
    changed: str
    firsts: tuple[Concept, ...]

    @property
    def month(self) -> str:
        """ "August 2026"."""
        return f"{MONTHS[self.entry.released.month - 1]} {self.entry.released.year}"


def pages(site: Site) -> Iterator[Page | Document]:
    """The page and the feed."""
    yield Document(
        "changes/index.html", "changes.html", lambda: _values(site), TREE, card=site.card
    )
    yield Page("changes/feed.xml", lambda: _feed(site), TREE)


def releases(site: Site) -> tuple[Release, ...]:
    """Every model, newest first."""
    seen: set[str] = set()
    listed = []
    for exhibit in sorted(site.exhibits, key=lambda e: (e.entry.released, e.entry.id)):
        step = site.lineage.parent(exhibit.entry.id)
        new = [known()[name] for name in exhibit.concepts if name in known().keys() - seen]
        seen |= set(exhibit.concepts)
        changed = "" if step is None else step_words(step)
        listed.append(Release(exhibit.entry, step, changed, tuple(new)))
    return tuple(reversed(listed))


def _values(site: Site) -> dict[str, Any]:
    listed = releases(site)
    months = [(month, list(group)) for month, group in groupby(listed, key=lambda r: r.month)]
    return {"months": months, "count": len(listed)}


def _feed(site: Site) -> bytes:
    items = [
        Item(
            key=release.entry.id,
            title=f"{release.entry.name} ({release.entry.organization})",
            author=release.entry.organization,
            day=release.entry.released,
            link=f"models/{release.entry.id}/index.html",
            text=_words(release),
        )
        for release in releases(site)
    ]
    return feed(
        "LLM Architecture Gallery: new models", items, "changes/feed.xml", site.hosting.address
    )


def _words(release: Release) -> str:
    parts = [release.entry.summary]
    if release.step is not None:
        parts.append(f"From {release.step.parent.name}: {release.changed}.")
    if release.firsts:
        parts.append(f"First here with {', '.join(c.name for c in release.firsts)}.")
    return " ".join(parts)
