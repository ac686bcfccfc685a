"""The page about the gallery: how each number is made, and how near our counts come to the published ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from llm_gallery.catalog.accuracy import compared
from llm_gallery.catalog.accuracy_table import summary
from llm_gallery.site.citation import bibtex_of_gallery
from llm_gallery.site.contents import Site
from llm_gallery.site.page import Document


def pages(site: Site) -> Iterator[Document]:
    """The page."""
    yield Document(
        "about/index.html",
        "about.html",
        lambda: _values(site),
        card=replace(site.card, kind="AboutPage"),
    )


def _values(site: Site) -> dict[str, Any]:
    rows = [compared(exhibit.entry, exhibit.root) for exhibit in site.exhibits]
    return {
        "rows": rows,
        "summary": summary(rows),
        "verdicts": Counter(row.verdict for row in rows),
        "hosting": site.hosting,
        "citation": bibtex_of_gallery(site.hosting, site.newest, len(rows)),
        "models": len(rows),
        "families": len({exhibit.architecture.model_type for exhibit in site.exhibits}),
    }
