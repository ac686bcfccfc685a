"""The page of what may come next: the rule, what it names now with the evidence, and what it named before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from markupsafe import Markup

from llm_gallery.catalog.trend_next import Evidence, evidence
from llm_gallery.catalog.trend_next_text import RULE, Statement, evidence_statements, judged_words
from llm_gallery.catalog.trend_statements import moment
from llm_gallery.concepts import Concept, concepts
from llm_gallery.lineage.trends_next import Judged, reviews
from llm_gallery.site.adoption import bars, shares
from llm_gallery.site.concept_page import colour
from llm_gallery.site.contents import Site
from llm_gallery.site.page import CONCEPTS, Document
from llm_gallery.site.plates import in_page


@dataclass(frozen=True, slots=True)
class Named:
    """A candidate as its page shows it."""

    evidence: Evidence
    colour: str
    told: tuple[Statement, ...]
    bars: Markup


@dataclass(frozen=True, slots=True)
class Became:
    """A concept that a past quarter names, and what became of it."""

    concept: Concept
    colour: str
    judged: Judged


def pages(site: Site) -> Iterator[Document]:
    """The page."""
    yield Document(
        "trends/next/index.html",
        "next.html",
        partial(_values, site),
        CONCEPTS,
        card=site.card,
    )


def _named(site: Site, one: Evidence) -> Named:
    shade = colour(one.concept)
    found = shares(one.concept.id, site.trends.quarters)
    drawn = bars(found, shade, one.concept.name)
    return Named(one, shade, evidence_statements(one), in_page(drawn, "overview", site.sheet_looks))


def _values(site: Site) -> dict[str, Any]:
    made = site.trends.designs
    past = reviews(made)
    return {
        "moment": moment(made),
        "rule": RULE,
        "rated": judged_words(past),
        "candidates": [_named(site, one) for one in evidence(made)],
        "past": [
            (
                one.quarter,
                one.over,
                [
                    Became(concept, colour(concept), held)
                    for held in one.judged
                    if (concept := concepts().get(held.candidate.concept))
                ],
            )
            for one in reversed(past)
        ],
        "names": {exhibit.entry.id: exhibit.entry.name for exhibit in site.exhibits},
    }
