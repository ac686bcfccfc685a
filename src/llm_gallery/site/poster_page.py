"""The page of the poster: every model on one sheet, drawn in the page so that it follows the theme and stays sharp."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from llm_gallery.figure import poster
from llm_gallery.figure.poster import page
from llm_gallery.site.page import Document, Page
from llm_gallery.site.plates import Plate, in_page
from llm_gallery.site.shown import Site

TITLE = "LLM Architecture Gallery"


def pages(site: Site) -> Iterator[Page | Document]:
    """The page, and the sheet to take away."""
    models = [(shown.model.architecture, shown.model.heading) for shown in site.models]
    yield Document("poster/index.html", "poster.html", partial(_values, site))
    yield Page("poster/poster.svg", lambda: poster(models, title=TITLE).encode())


def _values(site: Site) -> dict[str, Any]:
    models = [(shown.model.architecture, shown.model.heading) for shown in site.models]
    said = f"{len(models)} models, each as its layers seen from afar; the list below names them"
    held = Plate(page(models, TITLE), "Poster of all models", said)
    return {
        "drawing": in_page(held, "overview", site.looks),
        "entries": [exhibit.entry for exhibit in site.exhibits],
    }
