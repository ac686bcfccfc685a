"""The page of the timeline: towers of all models to one scale over the time of their release."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from llm_gallery.figure import scale
from llm_gallery.figure.scale import page
from llm_gallery.site.page import Document, Page
from llm_gallery.site.plates import Plate, in_page
from llm_gallery.site.shown import Site


def pages(site: Site) -> Iterator[Page | Document]:
    """The page, and the figure to take away."""
    models = [(shown.model.architecture, shown.model.heading) for shown in site.models]
    yield Document("timeline/index.html", "timeline.html", partial(_values, site))
    yield Page("timeline/timeline.svg", lambda: scale(models).encode())


def _values(site: Site) -> dict[str, Any]:
    models = [(shown.model.architecture, shown.model.heading) for shown in site.models]
    said = f"{len(models)} models as towers, from the earliest; the table below has their numbers"
    held = Plate(page(models), "All models to one scale", said)
    return {
        "drawing": in_page(held, "overview", site.looks),
        "entries": [exhibit.entry for exhibit in site.exhibits],
        "exhibits": site.exhibits,
    }
