"""Where the field is heading, counted from the catalog alone: concepts over time, and sizes over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from difflib import get_close_matches
from itertools import combinations
from typing import Any

from llm_gallery.analysis.concepts import concepts
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.lineage.ancestors import chronological
from llm_gallery.lineage.designs import Design, designs
from llm_gallery.lineage.family_member import Member
from llm_gallery.lineage.sizes import Median, Sizes, medians, quarter, sizes
from llm_gallery.trends.changes_by_year import Year, year_json, years

TOGETHER = 3
"""Models that must share two concepts before they are said to travel together."""


@dataclass(frozen=True, slots=True)
class Appearance:
    """A concept, the first model that has it, all that do, oldest first, and who took it up when."""

    concept: str
    first: str  # of several on one day, as the family tree has them: the largest
    released: date
    models: tuple[str, ...]
    designs: int
    taken: tuple[Adopter, ...]  # an organization each


@dataclass(frozen=True, slots=True)
class Adopter:
    """The first design of an organization that has a concept."""

    organization: str
    model: str
    released: date


@dataclass(frozen=True, slots=True)
class Quarter:
    """Models released in a quarter and designs that came in it, and how many of them have each concept."""

    quarter: str  # "2025-Q1"
    models: int
    counts: Mapping[str, int]
    designs: int
    design_counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CommonPair:
    """Two concepts: how many models have both, and how many have either."""

    first: str
    second: str
    both: int
    either: int


@dataclass(frozen=True, slots=True)
class Trends:
    """Everything that is counted over the catalog."""

    concepts: tuple[Appearance, ...]  # in the order in which this catalog has them first
    quarters: tuple[Quarter, ...]  # oldest first; empty ones left out
    together: tuple[CommonPair, ...]  # closest first
    sizes: tuple[Sizes, ...]  # oldest first
    designs: tuple[Design, ...]  # oldest first
    years: tuple[Year, ...]  # oldest first
    medians: tuple[Median, ...]  # oldest quarter first
    recent: tuple[str, ...]  # concepts new to this catalog in the last two quarters
    single: tuple[str, ...]  # concepts that only one model has

    @property
    def until(self) -> date:
        """The day of the newest model: what came later isn't counted."""
        return self.sizes[-1].released

    @property
    def houses(self) -> Mapping[str, str]:
        """Who made each model, by its id."""
        return {model.id: model.house for design in self.designs for model in design.models}

    def appearance(self, concept: str) -> Appearance:
        """A concept's first model and all others. Raises Refusal naming what comes near to it."""
        by_concept = {appearance.concept: appearance for appearance in self.concepts}
        if concept not in by_concept:
            near = get_close_matches(concept, by_concept, 3, 0.5)
            known = f"did you mean {' or '.join(near)}?" if near else "see `llm-gallery trends`"
            raise Refusal(
                f"{quoted(concept)} is no concept that a model of the catalog has; {known}"
            )
        return by_concept[concept]


def trends(members: Sequence[Member]) -> Trends:
    """The trends of these models; "recent" counts back from the newest of them."""
    ordered = chronological(members)
    by_model = {member.id: concepts(member.architecture.root) for member in ordered}
    in_order = designs(ordered)
    appearances = _appearances(ordered, by_model, in_order)
    last_two = _last_two(ordered)
    model_sizes = tuple(sizes(member) for member in ordered)
    return Trends(
        concepts=appearances,
        quarters=_quarters(ordered, by_model, in_order),
        together=_common_pairs(by_model),
        sizes=model_sizes,
        designs=in_order,
        years=years(model_sizes, in_order),
        medians=medians(model_sizes),
        recent=tuple(a.concept for a in appearances if quarter(a.released) in last_two),
        single=tuple(a.concept for a in appearances if len(a.models) == 1),
    )


def to_json(counted: Trends) -> dict[str, Any]:
    """Plain data: dates as ISO text; shares are left to the reader, who gets both counts."""
    return {
        "concepts": [
            {
                **asdict(concept),
                "released": concept.released.isoformat(),
                "models": list(concept.models),
                "taken": [_adopter_json(taken) for taken in concept.taken],
            }
            for concept in counted.concepts
        ],
        "designs": [[model.id for model in design.models] for design in counted.designs],
        "years": [year_json(year) for year in counted.years],
        "quarters": [asdict(quarter) for quarter in counted.quarters],
        "together": [asdict(pair) for pair in counted.together],
        "sizes": [
            {**asdict(sizes), "released": sizes.released.isoformat()} for sizes in counted.sizes
        ],
        "medians": [asdict(median) for median in counted.medians],
        "recent": list(counted.recent),
        "single": list(counted.single),
    }


def _adopter_json(adopter: Adopter) -> dict[str, Any]:
    return {**asdict(adopter), "released": adopter.released.isoformat()}


def concept_json(counted: Trends, concept: str) -> dict[str, Any]:
    """A concept and the sizes of the models that have it, oldest first."""
    appearance = counted.appearance(concept)
    having = [size for size in counted.sizes if size.model in appearance.models]
    return {
        "concept": appearance.concept,
        "first": appearance.first,
        "released": appearance.released.isoformat(),
        "designs": appearance.designs,
        "taken": [_adopter_json(taken) for taken in appearance.taken],
        "models": [{**asdict(size), "released": size.released.isoformat()} for size in having],
    }


def _appearances(
    ordered: Sequence[Member], by_model: Mapping[str, Sequence[str]], designs: Sequence[Design]
) -> tuple[Appearance, ...]:
    models: dict[str, list[Member]] = {}
    for member in ordered:
        for concept in by_model[member.id]:
            models.setdefault(concept, []).append(member)
    by_design = Counter(concept for design in designs for concept in design.concepts)
    return tuple(
        Appearance(
            concept,
            having[0].id,
            having[0].released,
            tuple(m.id for m in having),
            by_design[concept],
            _adopters(concept, designs),
        )
        for concept, having in models.items()
    )


def _adopters(concept: str, designs: Sequence[Design]) -> tuple[Adopter, ...]:
    """The first design of each organization that has it, oldest first; a copy is nobody's own."""
    first: dict[str, Adopter] = {}
    for design in designs:
        if concept in design.concepts:
            name = design.organization
            first.setdefault(name, Adopter(name, design.first.id, design.released))
    return tuple(first.values())


def _quarters(
    ordered: Sequence[Member], by_model: Mapping[str, Sequence[str]], designs: Sequence[Design]
) -> tuple[Quarter, ...]:
    by_quarter: dict[str, list[str]] = {}
    for member in ordered:
        by_quarter.setdefault(quarter(member.released), []).append(member.id)
    new: dict[str, list[Design]] = {}
    for design in designs:
        new.setdefault(design.quarter, []).append(design)
    return tuple(
        Quarter(
            name,
            len(models),
            _counts(by_model[model] for model in models),
            len(new.get(name, ())),
            _counts(design.concepts for design in new.get(name, ())),
        )
        for name, models in by_quarter.items()
    )


def _counts(having: Iterable[Iterable[str]]) -> Mapping[str, int]:
    return dict(sorted(Counter(concept for of_one in having for concept in of_one).items()))


def _common_pairs(by_model: Mapping[str, Sequence[str]]) -> tuple[CommonPair, ...]:
    alone = Counter(concept for having in by_model.values() for concept in having)
    both = Counter(pair for having in by_model.values() for pair in combinations(sorted(having), 2))
    pairs = [
        CommonPair(first, second, count, alone[first] + alone[second] - count)
        for (first, second), count in both.items()
        if count >= TOGETHER
    ]
    return tuple(sorted(pairs, key=lambda t: (-t.both / t.either, -t.both, t.first, t.second)))


def _last_two(ordered: Sequence[Member]) -> frozenset[str]:
    """The quarter of the newest model and the one before it."""
    if not ordered:
        return frozenset()
    newest = ordered[-1].released
    months = newest.year * 12 + newest.month - 4  # three months back, counted from zero
    before = date(months // 12, months % 12 + 1, 1)
    return frozenset((quarter(newest), quarter(before)))
