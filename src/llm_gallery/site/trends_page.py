"""The page of trends: what moved, what is new, sizes over time, and the first appearance of every concept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from markupsafe import Markup

from llm_gallery.catalog.concept import Concept
from llm_gallery.catalog.concept import concepts as known
from llm_gallery.catalog.trend_charts import panels
from llm_gallery.lineage.trends import Appearance, Quarter
from llm_gallery.site.adoption import bars, shares, spark
from llm_gallery.site.concept_page import Counted, colour
from llm_gallery.site.exhibit import Exhibit
from llm_gallery.site.page import Document
from llm_gallery.site.scatter import scatter
from llm_gallery.site.shown import Site
from llm_gallery.site.words import many

MOVED = 12
"""Concepts whose adoption is drawn: those that moved most in a year."""
YEAR = 4
"""Quarters back."""


@dataclass(frozen=True, slots=True)
class Change:
    """A concept in the last quarter and a year before."""

    concept: Concept
    now: tuple[int, int]
    then: tuple[int, int]

    @property
    def moved(self) -> float:
        """Between -1 and 1."""
        return self.now[0] / self.now[1] - self.then[0] / self.then[1]


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
    yield Document("trends/index.html", "trends.html", partial(_values, Counted(site)), "concepts")


def changes(quarters: Sequence[Quarter]) -> list[Change]:
    """Every concept of the last quarter or of the one a year before, most risen first."""
    now, then = quarters[-1], quarters[max(0, len(quarters) - 1 - YEAR)]
    names = [name for name in known() if name in now.counts or name in then.counts]
    found = [
        Change(
            known()[name],
            (now.counts.get(name, 0), now.models),
            (then.counts.get(name, 0), then.models),
        )
        for name in names
    ]
    return sorted(found, key=lambda change: (-change.moved, change.concept.id))


def _values(counted: Counted) -> dict[str, Any]:
    found = counted.trends
    exhibits = {exhibit.entry.id: exhibit for exhibit in counted.site.exhibits}
    moved = [change for change in changes(found.quarters) if change.moved]
    most = sorted(moved, key=lambda change: (-abs(change.moved), change.concept.id))[:MOVED]
    drawn = sorted(most, key=lambda change: (-change.moved, change.concept.id))
    firsts = [
        _first(counted, appearance, exhibits)
        for appearance in reversed(found.concepts)
        if appearance.concept in known()
    ]
    recent, single = set(found.recent), set(found.single)
    return {
        "models": len(exhibits),
        "organizations": len({exhibit.entry.organization for exhibit in exhibits.values()}),
        "quarter": _words(found.quarters[-1].quarter),
        "before": _words(found.quarters[max(0, len(found.quarters) - 1 - YEAR)].quarter),
        "drawn": [(change, _bars(counted, change.concept)) for change in drawn],
        "recent": [first for first in firsts if first.concept.id in recent],
        "single": [first for first in firsts if first.concept.id in single],
        "firsts": firsts,
        "charts": list(_charts(counted)),
        "names": sorted((exhibit.entry.name for exhibit in exhibits.values()), key=str.lower),
    }


def _words(quarter: str) -> str:
    return f"{quarter[5:]} {quarter[:4]}"


def _bars(counted: Counted, concept: Concept) -> tuple[str, Markup]:
    shade = colour(concept)
    return shade, bars(counted.shares(concept.id), shade, concept.name)


def _first(counted: Counted, found: Appearance, exhibits: dict[str, Exhibit]) -> First:
    concept = known()[found.concept]
    small = spark(shares(concept.id, counted.trends.quarters), colour(concept))
    return First(concept, colour(concept), exhibits[found.first], small, len(found.models))


def _charts(counted: Counted) -> Iterator[Chart]:
    """One for each number; models that have no such number are left out."""
    for panel in panels(counted.trends, [shown.member for shown in counted.site.models]):
        said = f"{panel.title} of {many(len(panel.dots), 'model')} over their release date"
        yield Chart(panel.title, panel.note, scatter(panel, said))
