"""The page of trends: what moved, what is new, sizes over time, and the first appearance of every concept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from markupsafe import Markup

from llm_gallery.catalog.concept import Concept
from llm_gallery.catalog.concept import concepts as known
from llm_gallery.catalog.trend_charts import changes, panels, year_before
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.shapes import Bounds
from llm_gallery.figure.sheets.trend_charts import scatter
from llm_gallery.lineage.trends import Appearance
from llm_gallery.site import census_section
from llm_gallery.site.adoption import bars, shares, spark
from llm_gallery.site.concept_page import Counted, colour
from llm_gallery.site.contents import Site
from llm_gallery.site.exhibit import Exhibit
from llm_gallery.site.page import Document
from llm_gallery.site.plates import in_page
from llm_gallery.site.short_forms import many

WIDTH, HEIGHT = 420.0, 210.0
FRAME = Bounds(54, 12, 412, 182)


@dataclass(frozen=True, slots=True)
class Chart:
    """A number over time."""

    title: str
    note: str
    drawing: Markup


@dataclass(frozen=True, slots=True)
class First:
    """A concept with its first model."""

    concept: Concept
    colour: str
    first: Exhibit
    spark: Markup
    count: int


def pages(site: Site) -> Iterator[Document]:
    """The page."""
    yield Document(
        "trends/index.html",
        "trends.html",
        partial(_values, Counted(site)),
        "concepts",
        card=site.card,
    )


def _values(counted: Counted) -> dict[str, Any]:
    trends = counted.trends
    exhibits = {exhibit.entry.id: exhibit for exhibit in counted.site.exhibits}
    firsts = [
        _first(counted, appearance, exhibits)
        for appearance in reversed(trends.concepts)
        if appearance.concept in known()
    ]
    recent, single = set(trends.recent), set(trends.single)
    return {
        "models": len(exhibits),
        "organizations": len({exhibit.entry.organization for exhibit in exhibits.values()}),
        "quarter": _words(trends.quarters[-1].quarter),
        "before": _words(year_before(trends.quarters).quarter),
        "drawn": [(change, _bars(counted, change.concept)) for change in changes(trends.quarters)],
        "recent": [first for first in firsts if first.concept.id in recent],
        "single": [first for first in firsts if first.concept.id in single],
        "firsts": firsts,
        "charts": list(_charts(counted)),
        "census": census_section.values(counted.site),
        "names": sorted((exhibit.entry.name for exhibit in exhibits.values()), key=str.lower),
    }


def _words(quarter: str) -> str:
    return f"{quarter[5:]} {quarter[:4]}"


def _bars(counted: Counted, concept: Concept) -> tuple[str, Markup]:
    shade = colour(concept)
    drawn = bars(counted.shares(concept.id), shade, concept.name)
    return shade, in_page(drawn, "overview", counted.site.looks)


def _first(counted: Counted, appearance: Appearance, exhibits: dict[str, Exhibit]) -> First:
    concept = known()[appearance.concept]
    small = spark(shares(concept.id, counted.trends.quarters), colour(concept))
    return First(
        concept, colour(concept), exhibits[appearance.first], small, len(appearance.models)
    )


def _charts(counted: Counted) -> Iterator[Chart]:
    """One for each number; models that have no such number are left out."""
    for panel in panels(counted.trends, [shown.member for shown in counted.site.models]):
        sheet = Sheet()
        scatter(sheet, panel, FRAME, link="../models/{}/index.html")
        summary = f"{panel.title} of {many(len(panel.dots), 'model')} over their release date"
        drawn = Drawing(sheet.picture(WIDTH, HEIGHT), summary, role="group")
        yield Chart(panel.title, panel.note, in_page(drawn, "overview", counted.site.looks))
