"""The page of the timeline: towers of all models to one scale over the time of their release."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from typing import Any

from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.sheets.scale import scale
from llm_gallery.site.contents import Site
from llm_gallery.site.page import Document, Page
from llm_gallery.site.plates import in_page
from llm_gallery.site.short_forms import many


def pages(site: Site) -> Iterator[Page | Document]:
    """The page, and the figure to take away."""
    plate = cache(partial(_plate, site))
    values = partial(_values, site, plate)
    yield Document("timeline/index.html", "timeline.html", values, work="timeline", card=site.card)
    yield Page("timeline/timeline.svg", lambda: plate().alone().encode(), work="timeline")


def _plate(site: Site) -> Drawing:
    models = [(shown.model.architecture, shown.model.heading) for shown in site.models]
    summary = f"{many(len(models), 'model')} as towers at their day and their parameters"
    return replace(scale(models), title="All models to one scale", description=summary)


def _values(site: Site, plate: Callable[[], Drawing]) -> dict[str, Any]:
    return {
        "drawing": in_page(plate(), None, site.sheet_looks),
        "entries": [exhibit.entry for exhibit in site.exhibits],
        "exhibits": site.exhibits,
    }
