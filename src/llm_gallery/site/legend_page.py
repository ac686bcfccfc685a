"""The page of the legend: what colours, bars and signs mean, drawn; and the words of the figures, to be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from llm_gallery.catalog.glossary import texts
from llm_gallery.figure.sheets.glossary import rows
from llm_gallery.figure.sheets.legend import TOP, legend
from llm_gallery.site.contents import Site
from llm_gallery.site.page import Document, Page


def pages(site: Site) -> Iterator[Page | Document]:
    """The page, and the sheet to take away, which has the words too."""
    yield Document("legend/index.html", "legend.html", lambda: _values(site))
    yield Page("legend/legend.svg", lambda: legend(rows(texts())).alone().encode())


def _values(site: Site) -> dict[str, Any]:
    drawn = legend()
    site.looks.update(drawn.looks(site.looks))
    return {
        "drawing": Markup(drawn.inline(top=TOP - 12)),  # the page says the title
        "words": rows({}),
    }
