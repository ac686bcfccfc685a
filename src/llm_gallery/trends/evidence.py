"""Concepts that may come next, with the evidence: sizes, replaced concepts, savings, papers that measured them.

Which concepts are named, and in what order, is for `trends.candidates` to say; nothing here changes it.
What a past quarter is told of was known then: its designs, and the papers up to its end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from llm_gallery.analysis.parameters import parameters
from llm_gallery.catalog.ablation import Ablation, ablations
from llm_gallery.catalog.savings import Measure, measure, saved
from llm_gallery.concepts import Area, Concept, concepts
from llm_gallery.lineage import Step
from llm_gallery.lineage.designs import Design
from llm_gallery.trends.candidates import Candidate, Outcome, Review, Share, candidates

MIXING: tuple[Area, ...] = ("attention", "recurrent")
"""A token mixer replaces another token mixer."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A design that has the concept: what it would take without, and what it takes."""

    design: Design
    undone: int
    actual: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """A concept that is named, with all that speaks for it or against it."""

    concept: Concept
    candidate: Candidate
    smallest: int  # parameters
    largest: int
    replaced: tuple[
        tuple[Concept, int], ...
    ]  # what the makers' design before had and this one hasn't
    compared: int  # designs whose maker had one before
    measure: Measure | None
    saved: tuple[Saved, ...]  # the most first
    ablations: tuple[Ablation, ...]


def evidence(designs: Sequence[Design], at: str = "") -> tuple[Evidence, ...]:
    """What is named at the end of a quarter, of the newest design where none is given; Refusal as `candidates`."""
    known, named = concepts(), candidates(designs, at)
    until = _end(at) if at else date.max
    return tuple(
        _evidence(known[candidate.concept], candidate, designs, until)
        for candidate in named
        if candidate.concept in known
    )


def _evidence(
    concept: Concept, candidate: Candidate, designs: Sequence[Design], until: date
) -> Evidence:
    totals = [parameters(design.first.architecture.root).total for design in candidate.designs]
    before = [
        (old, design)
        for design in candidate.designs
        if (old := _before(concept.id, design, designs)) is not None
    ]
    areas = MIXING if concept.area in MIXING else (concept.area,)
    gone = Counter(
        name
        for old, design in before
        for name in old.concepts - design.concepts
        if name in concepts() and concepts()[name].area in areas
    )
    saving = [
        Saved(design, *numbers)
        for design in candidate.designs
        if (numbers := saved(concept.id, design.first.architecture.root)) is not None
    ]
    return Evidence(
        concept,
        candidate,
        min(totals),
        max(totals),
        tuple(
            (concepts()[name], count)
            for name, count in sorted(gone.items(), key=lambda design: (-design[1], design[0]))
        ),
        len(before),
        measure(concept.id),
        tuple(sorted(saving, key=lambda saved: saved.actual / saved.undone)),
        tuple(ablation for ablation in ablations().get(concept.id, ()) if ablation.known <= until),
    )


def _before(concept: str, new: Design, designs: Sequence[Design]) -> Design | None:
    """The nearest earlier design of the same organization that hasn't the concept."""
    steps = [
        (Step(design.first, new.first, new.first.since(design.first)).distance, design)
        for design in designs
        if design.organization == new.organization
        and design.released < new.released
        and concept not in design.concepts
    ]
    return min(steps, key=lambda step: (step[0], step[1].first.id))[1] if steps else None


def _end(quarter: str) -> date:
    """The first day of its last month: a paper's month is known by its first day."""
    return date(int(quarter[:4]), 3 * int(quarter[-1]), 1)


def next_json(
    at: str,
    until: date,
    candidates: Sequence[Evidence],
    judged: Sequence[Review],
    rates: tuple[str, ...],
) -> dict[str, Any]:
    """Plain data, candidates in their order, and what the rule named before; `until` is the newest model's day."""
    return {
        "quarter": at,
        "until": until.isoformat(),
        "candidates": [_candidate_json(evidence) for evidence in candidates],
        "reviews": [
            {
                "quarter": review.quarter,
                "quarters_since": review.quarters,
                "over": review.over,
                "named": [
                    {
                        **_named_json(judged.candidate),
                        "since": _share(judged.since),
                        "outcome": judged.outcome,
                    }
                    for judged in review.judged
                ],
                "others": dict(review.others),
            }
            for review in judged
        ],
        "rates": list(rates),
    }


def _named_json(candidate: Candidate) -> dict[str, Any]:
    return {
        "concept": candidate.concept,
        "designs": _share(candidate.share),
        "before": _share(candidate.before),
        "newcomers": list(candidate.newcomers),
        "known": list(candidate.known),
    }


def _candidate_json(evidence: Evidence) -> dict[str, Any]:
    return {
        **_named_json(evidence.candidate),
        "models": [design.first.id for design in evidence.candidate.designs],
        "smallest": evidence.smallest,
        "largest": evidence.largest,
        "compared": evidence.compared,
        "replaced": {concept.id: count for concept, count in evidence.replaced},
        "measure": None if evidence.measure is None else evidence.measure.title,
        "saved": [
            {"model": saved.design.first.id, "undone": saved.undone, "actual": saved.actual}
            for saved in evidence.saved
        ],
        "ablations": [ablation_json(ablation) for ablation in evidence.ablations],
    }


def ablation_json(ablation: Ablation) -> dict[str, Any]:
    """Plain data."""
    return {
        "number": ablation.number,
        "finding": ablation.finding,
        "setting": ablation.setting,
        "place": ablation.place,
        "title": ablation.title,
        "link": ablation.link,
        "year": ablation.year,
    }


def _share(share: Share) -> dict[str, int]:
    return {"having": share.having, "of": share.of}


def rates(named: dict[Outcome, int], others: dict[Outcome, int]) -> tuple[str, ...]:
    """How good the rule was, in sentences; none where no year is over."""
    total, rest = sum(named.values()), sum(others.values())
    if not total or not rest:
        return ()
    stayed, stayed_else = (_lasting(score) for score in (named, others))
    return (
        f"Of {total} that it named, {named.get('went on', 0)} went on to a larger share in the year after "
        f"({_percent(named.get('went on', 0), total)}), and {stayed} at least held what they had won "
        f"({_percent(stayed, total)}).",
        f"Of {rest} that it could have named and didn’t, {others.get('went on', 0)} went on "
        f"({_percent(others.get('went on', 0), rest)}), and {stayed_else} held at least "
        f"({_percent(stayed_else, rest)}).",
    )


def _lasting(outcomes: dict[Outcome, int]) -> int:
    return outcomes.get("went on", 0) + outcomes.get("held", 0)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}%"
