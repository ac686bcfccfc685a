"""The timeline: every model under its month, with its changes and firsts; and the feeds of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import groupby
from typing import Any

from llm_gallery.concepts import concepts as known
from llm_gallery.lineage import step_words
from llm_gallery.site import release_feeds
from llm_gallery.site.contents import Site
from llm_gallery.site.page import TREE, Document, Page
from llm_gallery.site.release_feeds import Release


def pages(site: Site) -> Iterator[Page | Document]:
    """The page and the feeds."""
    yield Document(
        "changes/index.html", "changes.html", lambda: _values(site), TREE, card=site.card
    )
    yield from release_feeds.pages(site, cache(lambda: releases(site)))


def releases(site: Site) -> tuple[Release, ...]:
    """Every model, newest first."""
    seen: set[str] = set()
    listed = []
    for exhibit in sorted(site.exhibits, key=lambda e: (e.entry.released, e.entry.id)):
        step = site.lineage.parent(exhibit.entry.id)
        new = [known()[name] for name in exhibit.concepts if name in known().keys() - seen]
        seen |= set(exhibit.concepts)
        changed = "" if step is None else step_words(step)
        listed.append(Release(exhibit.entry, exhibit.concepts, step, changed, tuple(new)))
    return tuple(reversed(listed))


def _values(site: Site) -> dict[str, Any]:
    listed = releases(site)
    months = [(month, list(group)) for month, group in groupby(listed, key=lambda r: r.month)]
    return {"months": months, "count": len(listed), "feeds": release_feeds.groups(site)}
