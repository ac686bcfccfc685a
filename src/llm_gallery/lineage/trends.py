"""Where the field is heading, counted from the catalog alone: concepts over time, and sizes over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import combinations
from typing import Any

from llm_gallery.analysis.concepts import concepts
from llm_gallery.comparison import Part, Portrait
from llm_gallery.lineage.member import Member

TOGETHER = 3
"""Models that must share two concepts before they are said to travel together."""


@dataclass(frozen=True, slots=True)
class Appearance:
    """A concept, the first model that has it, and all that do, oldest first."""

    concept: str
    first: str
    released: date
    models: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quarter:
    """Models released in a quarter, and how many of them have each concept."""

    quarter: str  # "2025-Q1"
    models: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Together:
    """Two concepts: how many models have both, and how many have either."""

    first: str
    second: str
    both: int
    either: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """The numbers of one model that are drawn over time; None where it has no such thing."""

    model: str
    released: date
    total: int
    active: int
    layers: int
    width: int
    experts: int | None
    experts_used: int | None
    heads: int | None
    kv_heads: int | None
    cache_bytes_per_token: int
    cache_bytes_per_token_long: int
    state_bytes: int
    context: int | None
    vocabulary: int | None


@dataclass(frozen=True, slots=True)
class Trends:
    """Everything that is counted over the catalog."""

    concepts: tuple[Appearance, ...]  # in order of first appearance
    quarters: tuple[Quarter, ...]  # oldest first; empty ones left out
    together: tuple[Together, ...]  # closest first
    sizes: tuple[Sizes, ...]  # oldest first
    recent: tuple[str, ...]  # concepts first seen in the last two quarters
    single: tuple[str, ...]  # concepts that only one model has


def trends(members: Sequence[Member]) -> Trends:
    """The trends of these models; "recent" counts back from the newest of them."""
    ordered = sorted(members, key=lambda member: (member.released, member.id))
    held = {member.id: concepts(member.architecture.root) for member in ordered}
    appearances = _appearances(ordered, held)
    last_two = _last_two(ordered)
    return Trends(
        concepts=appearances,
        quarters=_quarters(ordered, held),
        together=_together(held),
        sizes=tuple(_sizes(member) for member in ordered),
        recent=tuple(a.concept for a in appearances if quarter(a.released) in last_two),
        single=tuple(a.concept for a in appearances if len(a.models) == 1),
    )


def quarter(day: date) -> str:
    """The quarter of a day, as text that sorts by time."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def to_json(found: Trends) -> dict[str, Any]:
    """Plain data: dates as ISO text; shares are left to the reader, who gets both counts."""
    return {
        "concepts": [
            {**asdict(one), "released": one.released.isoformat(), "models": list(one.models)}
            for one in found.concepts
        ],
        "quarters": [asdict(one) for one in found.quarters],
        "together": [asdict(one) for one in found.together],
        "sizes": [{**asdict(one), "released": one.released.isoformat()} for one in found.sizes],
        "recent": list(found.recent),
        "single": list(found.single),
    }


def _appearances(
    ordered: Sequence[Member], held: Mapping[str, Sequence[str]]
) -> tuple[Appearance, ...]:
    models: dict[str, list[Member]] = {}
    for member in ordered:
        for concept in held[member.id]:
            models.setdefault(concept, []).append(member)
    return tuple(
        Appearance(concept, having[0].id, having[0].released, tuple(m.id for m in having))
        for concept, having in models.items()
    )


def _quarters(ordered: Sequence[Member], held: Mapping[str, Sequence[str]]) -> tuple[Quarter, ...]:
    by_quarter: dict[str, list[str]] = {}
    for member in ordered:
        by_quarter.setdefault(quarter(member.released), []).append(member.id)
    return tuple(
        Quarter(
            name,
            len(models),
            dict(sorted(Counter(concept for m in models for concept in held[m]).items())),
        )
        for name, models in by_quarter.items()
    )


def _together(held: Mapping[str, Sequence[str]]) -> tuple[Together, ...]:
    alone = Counter(concept for having in held.values() for concept in having)
    both = Counter(pair for having in held.values() for pair in combinations(sorted(having), 2))
    found = [
        Together(first, second, count, alone[first] + alone[second] - count)
        for (first, second), count in both.items()
        if count >= TOGETHER
    ]
    return tuple(sorted(found, key=lambda t: (-t.both / t.either, -t.both, t.first, t.second)))


def _sizes(member: Member) -> Sizes:
    own = member.portrait
    follows = own.consequences
    experts, attention = _part(own, "experts"), _part(own, "heads")
    return Sizes(
        model=member.id,
        released=member.released,
        total=follows["total"],
        active=follows["active"],
        layers=_number(own.traits, "layers") or 0,
        width=_number(own.traits, "width") or 0,
        experts=_number(experts, "experts"),
        experts_used=_number(experts, "used"),
        heads=_number(attention, "heads"),
        kv_heads=_kv_heads(attention),
        cache_bytes_per_token=follows["cache_bytes_per_token"],
        cache_bytes_per_token_long=follows["cache_bytes_per_token_long"],
        state_bytes=follows["state_bytes"],
        context=_number(own.traits, "context"),
        vocabulary=_number(own.traits, "vocabulary"),
    )


def _part(own: Portrait, fact: str) -> Mapping[str, object]:
    """The facts of the part that keeps a cache or holds experts, first to have that fact."""
    kinds = ("moe",) if fact == "experts" else ("attention", "latent_attention")
    having: list[Part] = [p for p in own.parts if p.kind in kinds and fact in p.facts]
    return having[0].facts if having else {}


def _kv_heads(attention: Mapping[str, object]) -> int | None:
    """Stored only where grouped; as many as heads, or one, elsewhere; latent attention has none."""
    sharing = attention.get("sharing")
    if sharing == "MQA":
        return 1
    return _number(attention, "heads" if sharing == "MHA" else "kv_heads")


def _number(facts: Mapping[str, object], name: str) -> int | None:
    """A fact that is one whole number."""
    value = facts.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _last_two(ordered: Sequence[Member]) -> frozenset[str]:
    """The quarter of the newest model and the one before it."""
    if not ordered:
        return frozenset()
    newest = ordered[-1].released
    months = newest.year * 12 + newest.month - 4  # three months back, counted from zero
    before = date(months // 12, months % 12 + 1, 1)
    return frozenset((quarter(newest), quarter(before)))
