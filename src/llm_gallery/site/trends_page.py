"""The page of trends: what moved, what is new, the map of designs, some sizes over time, and the first appearance of every concept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from markupsafe import Markup

from llm_gallery.catalog.design_map import TITLE, dots, method
from llm_gallery.concepts import Concept
from llm_gallery.concepts import concepts as known
from llm_gallery.figure.sheets import design_map as map_sheet
from llm_gallery.lineage.design_map import DesignMap
from llm_gallery.site import census_section, trend_data
from llm_gallery.site.adoption import bars, shares, spark
from llm_gallery.site.concept_page import Counted, colour
from llm_gallery.site.contents import Site
from llm_gallery.site.exhibit import Exhibit
from llm_gallery.site.page import TRENDS, Document, Page
from llm_gallery.site.plates import in_page
from llm_gallery.site.sizes_page import charts, linked
from llm_gallery.trends.changes_by_year import KINDS, Year
from llm_gallery.trends.charts import changes, year_before
from llm_gallery.trends.lags import Lag, lags, summary
from llm_gallery.trends.statements import day, shift, statements
from llm_gallery.trends.trends import Appearance
from llm_gallery.trends.year_report import told_years

SIZES = ("total", "active_share", "cache_bytes_per_token_long")
"""The numbers whose charts stand here; all are on a page of their own."""


@dataclass(frozen=True, slots=True)
class First:
    """A concept with its first model."""

    concept: Concept
    colour: str
    first: Exhibit
    spark: Markup
    count: int
    lag: Lag
    fifth: Exhibit | None


def pages(site: Site) -> Iterator[Page | Document]:
    """The page, and what its charts are drawn from."""
    yield from trend_data.pages(site)
    yield Document(
        "trends/index.html",
        "trends.html",
        partial(_values, Counted(site)),
        TRENDS,
        card=site.card,
    )


def _values(counted: Counted) -> dict[str, Any]:
    trends = counted.trends
    exhibits = {exhibit.entry.id: exhibit for exhibit in counted.site.exhibits}
    ways = {lag.concept.id: lag for lag in lags(trends)}
    firsts = [
        _first(counted, appearance, exhibits, ways[appearance.concept])
        for appearance in reversed(trends.concepts)
        if appearance.concept in known()
    ]
    recent, single = set(trends.recent), set(trends.single)
    names = {name: exhibit.entry.name for name, exhibit in exhibits.items()}
    placed = counted.site.design_map
    return {
        "answers": (*statements(trends, names.__getitem__), shift(trends)),
        "years": told_years(trends),
        "by_year": [(year, _mixers(year), _ratios(year)) for year in reversed(trends.years)],
        "kinds": {name: name.replace("_", " ").capitalize() for name in KINDS},
        "named": exhibits,
        "waits": summary(lags(trends)),
        "designs": len(trends.designs),
        "models": len(exhibits),
        "until": day(trends.until),
        "organizations": len({exhibit.entry.organization for exhibit in exhibits.values()}),
        "quarter": _words(trends.quarters[-1].quarter),
        "before": _words(year_before(trends.quarters).quarter),
        "drawn": [(change, _bars(counted, change.concept)) for change in changes(trends.quarters)],
        "recent": [first for first in firsts if first.concept.id in recent],
        "single": [first for first in firsts if first.concept.id in single],
        "firsts": firsts,
        "map": placed,
        "maps": dict(_maps(placed, counted.site)),
        "map_method": method(placed),
        "charts": charts(counted.site, "../", SIZES),
        "makers": trend_data.makers(counted.site),
        "classes": trend_data.SIZES,
        "census": census_section.values(counted.site),
    }


def _mixers(year: Year) -> str:
    """The token mixers of hybrids' recurrent layers, in how many designs."""
    return ", ".join(
        f"{known()[name].name if name in known() else name} {count}"
        for name, count in year.mixers.items()
    )


def _ratios(year: Year) -> str:
    """Local layers for a global one, from the least to the most."""
    ends = dict.fromkeys(f"{ratio:.3g}" for ratio in (year.ratios[:1] + year.ratios[-1:]))
    return " to ".join(ends)


def _words(quarter: str) -> str:
    return f"{quarter[5:]} {quarter[:4]}"


def _bars(counted: Counted, concept: Concept) -> tuple[str, Markup]:
    shade = colour(concept)
    drawn = bars(counted.shares(concept.id), shade, concept.name)
    return shade, in_page(drawn, None, counted.site.sheet_looks)


def _first(
    counted: Counted, appearance: Appearance, exhibits: dict[str, Exhibit], lag: Lag
) -> First:
    concept = known()[appearance.concept]
    small = spark(shares(concept.id, counted.trends.quarters), colour(concept))
    return First(
        concept,
        colour(concept),
        exhibits[appearance.first],
        small,
        len(appearance.models),
        lag,
        None if lag.fifth is None else exhibits[lag.fifth.model],
    )


def _maps(placed: DesignMap, site: Site) -> Iterator[tuple[str, Markup]]:
    """The map of designs for a page and for a phone; none of fewer than three designs."""
    for name, room in (("wide", map_sheet.PAGE), ("narrow", map_sheet.PHONE)):
        if placed.places:
            drawn = map_sheet.in_page(
                dots(placed), room, title=TITLE, link="../models/{}/index.html"
            )
            yield name, linked(in_page(drawn, None, site.sheet_looks))
