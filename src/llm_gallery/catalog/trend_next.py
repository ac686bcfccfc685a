"""Concepts that may come next, with the evidence: sizes, replaced concepts, savings, papers that measured them.

Which concepts are named, and in what order, is for `lineage.trends_next` to say; nothing here changes it.
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
from llm_gallery.catalog.concept import Area, Concept, concepts
from llm_gallery.catalog.savings import Measure, measure, saved
from llm_gallery.lineage import Step
from llm_gallery.lineage.designs import Design
from llm_gallery.lineage.trends_next import Candidate, Outcome, Review, Share, candidates

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


def evidence(made: Sequence[Design], at: str = "") -> tuple[Evidence, ...]:
    """What is named at the end of a quarter, of the newest design where none is given; Refusal as `candidates`."""
    known, found = concepts(), candidates(made, at)
    until = _end(at) if at else date.max
    return tuple(
        _evidence(known[one.concept], one, made, until) for one in found if one.concept in known
    )


def _evidence(concept: Concept, found: Candidate, made: Sequence[Design], until: date) -> Evidence:
    totals = [parameters(one.first.architecture.root).total for one in found.designs]
    before = [
        (old, one) for one in found.designs if (old := _before(concept.id, one, made)) is not None
    ]
    areas = MIXING if concept.area in MIXING else (concept.area,)
    gone = Counter(
        name
        for old, one in before
        for name in old.concepts - one.concepts
        if name in concepts() and concepts()[name].area in areas
    )
    saving = [
        Saved(one, *numbers)
        for one in found.designs
        if (numbers := saved(concept.id, one.first.architecture.root)) is not None
    ]
    return Evidence(
        concept,
        found,
        min(totals),
        max(totals),
        tuple(
            (concepts()[name], count)
            for name, count in sorted(gone.items(), key=lambda one: (-one[1], one[0]))
        ),
        len(before),
        measure(concept.id),
        tuple(sorted(saving, key=lambda one: one.actual / one.undone)),
        tuple(one for one in ablations().get(concept.id, ()) if one.known <= until),
    )


def _before(concept: str, new: Design, made: Sequence[Design]) -> Design | None:
    """The nearest earlier design of the same organization that hasn't the concept."""
    steps = [
        (Step(one.first, new.first, new.first.since(one.first)).distance, one)
        for one in made
        if one.organization == new.organization
        and one.released < new.released
        and concept not in one.concepts
    ]
    return min(steps, key=lambda step: (step[0], step[1].first.id))[1] if steps else None


def _end(quarter: str) -> date:
    """The first day of its last month: a paper's month is known by its first day."""
    return date(int(quarter[:4]), 3 * int(quarter[-1]), 1)


def next_json(
    at: str,
    until: date,
    found: Sequence[Evidence],
    judged: Sequence[Review],
    rates: tuple[str, ...],
) -> dict[str, Any]:
    """Plain data, candidates in their order, and what the rule named before; `until` is the newest model's day."""
    return {
        "quarter": at,
        "until": until.isoformat(),
        "candidates": [_candidate_json(one) for one in found],
        "reviews": [
            {
                "quarter": one.quarter,
                "quarters_since": one.quarters,
                "over": one.over,
                "named": [
                    {
                        **_named_json(held.candidate),
                        "since": _share(held.since),
                        "outcome": held.outcome,
                    }
                    for held in one.judged
                ],
                "others": dict(one.others),
            }
            for one in judged
        ],
        "rates": list(rates),
    }


def _named_json(one: Candidate) -> dict[str, Any]:
    return {
        "concept": one.concept,
        "designs": _share(one.share),
        "before": _share(one.before),
        "newcomers": list(one.newcomers),
        "known": list(one.known),
    }


def _candidate_json(one: Evidence) -> dict[str, Any]:
    return {
        **_named_json(one.candidate),
        "models": [design.first.id for design in one.candidate.designs],
        "smallest": one.smallest,
        "largest": one.largest,
        "compared": one.compared,
        "replaced": {concept.id: count for concept, count in one.replaced},
        "measure": None if one.measure is None else one.measure.title,
        "saved": [
            {"model": held.design.first.id, "undone": held.undone, "actual": held.actual}
            for held in one.saved
        ],
        "ablations": [ablation_json(held) for held in one.ablations],
    }


def ablation_json(one: Ablation) -> dict[str, Any]:
    """Plain data."""
    return {
        "number": one.number,
        "finding": one.finding,
        "setting": one.setting,
        "place": one.place,
        "title": one.title,
        "link": one.link,
        "year": one.year,
    }


def _share(one: Share) -> dict[str, int]:
    return {"having": one.having, "of": one.of}


def rates(named: dict[Outcome, int], others: dict[Outcome, int]) -> tuple[str, ...]:
    """How good the rule was, in sentences; none where no year is over."""
    total, rest = sum(named.values()), sum(others.values())
    if not total or not rest:
        return ()
    stayed, stayed_else = (_kept(one) for one in (named, others))
    return (
        f"Of {total} that it named, {named.get('went on', 0)} went on to a larger share in the year after "
        f"({_percent(named.get('went on', 0), total)}), and {stayed} at least held what they had won "
        f"({_percent(stayed, total)}).",
        f"Of {rest} that it could have named and didn’t, {others.get('went on', 0)} went on "
        f"({_percent(others.get('went on', 0), rest)}), and {stayed_else} held at least "
        f"({_percent(stayed_else, rest)}).",
    )


def _kept(outcomes: dict[Outcome, int]) -> int:
    return outcomes.get("went on", 0) + outcomes.get("held", 0)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}%"
