"""The page of the poster: every model on one sheet, drawn in the page so that it follows the theme and stays sharp."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from typing import Any

from llm_gallery.figure.kit import export
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.sheets.poster import poster
from llm_gallery.site.contents import Site
from llm_gallery.site.page import Document, Page
from llm_gallery.site.plates import in_page
from llm_gallery.site.short_forms import many

TITLE = "LLM Architecture Gallery"
PIXELS = 0.5
"""Pixels of the PNG to one of the sheet: names are read, and it is drawn in a second, five times faster than at 1."""


def pages(site: Site) -> Iterator[Page | Document]:
    """The page, and the sheet to take away: to edit, to print, and to put into a chat."""
    plate = cache(partial(_plate, site))
    values = partial(_values, site, plate)
    yield Document("poster/index.html", "poster.html", values, work="poster", card=site.card)
    yield Page("poster/poster.svg", lambda: plate().alone().encode(), work="poster")
    yield Page("poster/poster.pdf", lambda: export.pdf(plate()), work="poster")
    yield Page("poster/poster.png", lambda: export.png(plate(), "light", PIXELS), work="poster")


def _plate(site: Site) -> Drawing:
    models = [(shown.model.architecture, shown.model.heading) for shown in site.models]
    summary = f"{many(len(models), 'model')}, each with its layers and the wiring of one, in families along the tree"
    return replace(poster(models, title=TITLE), description=summary)


def _values(site: Site, plate: Callable[[], Drawing]) -> dict[str, Any]:
    return {
        "drawing": in_page(plate(), None, site.sheet_looks),
        "entries": [exhibit.entry for exhibit in site.exhibits],
    }
