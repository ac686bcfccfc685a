"""The page of what may come next: the rule, what it names now with the evidence, and what it named before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from markupsafe import Markup

from llm_gallery.concepts import Concept, concepts
from llm_gallery.site.adoption import bars, shares
from llm_gallery.site.concept_page import colour
from llm_gallery.site.contents import Site
from llm_gallery.site.page import CONCEPTS, Document
from llm_gallery.site.plates import in_page
from llm_gallery.trends.candidates import Judged, reviews
from llm_gallery.trends.evidence import Evidence, evidence
from llm_gallery.trends.evidence_text import RULE, Statement, evidence_statements, judged_words
from llm_gallery.trends.statements import moment


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A candidate as its page shows it."""

    evidence: Evidence
    colour: str
    told: tuple[Statement, ...]
    bars: Markup


@dataclass(frozen=True, slots=True)
class JudgedRow:
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


def _candidate_row(site: Site, evidence: Evidence) -> CandidateRow:
    shade = colour(evidence.concept)
    by_quarter = shares(evidence.concept.id, site.trends.quarters)
    drawn = bars(by_quarter, shade, evidence.concept.name)
    return CandidateRow(
        evidence, shade, evidence_statements(evidence), in_page(drawn, None, site.sheet_looks)
    )


def _values(site: Site) -> dict[str, Any]:
    designs = site.trends.designs
    past = reviews(designs)
    return {
        "moment": moment(designs),
        "rule": RULE,
        "rated": judged_words(past),
        "candidates": [_candidate_row(site, evidence) for evidence in evidence(designs)],
        "past": [
            (
                review.quarter,
                review.over,
                [
                    JudgedRow(concept, colour(concept), judged)
                    for judged in review.judged
                    if (concept := concepts().get(judged.candidate.concept))
                ],
            )
            for review in reversed(past)
        ],
        "names": {exhibit.entry.id: exhibit.entry.name for exhibit in site.exhibits},
    }
