"""Where the sizes of a model stand among models of its kind, counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from llm_gallery.architecture.refusal import counted
from llm_gallery.comparison import Profile
from llm_gallery.comparison.fingerprint import design
from llm_gallery.lineage.gallery import Gallery
from llm_gallery.lineage.sizes import facts_with, is_sparse, kv_heads_of, whole_number

NEAR = 1.25
"""Models are of about one depth where neither has more than a quarter more layers than the other."""
ENOUGH = 8
"""Models of about its depth that there must be; of fewer, all of its kind are asked, whatever their depth."""

MEASURES: Mapping[str, Callable[[Profile], int | None]] = {
    "layers": lambda profile: whole_number(profile.traits, "layers"),
    "total": lambda profile: profile.counts.total,
    "active": lambda profile: None if profile.counts.varies else profile.counts.active,
    "width": lambda profile: whole_number(profile.traits, "width"),
    "heads": lambda profile: whole_number(facts_with(profile, "kv_heads"), "heads"),
    "kv_heads": lambda profile: kv_heads_of(facts_with(profile, "kv_heads")),
    "experts": lambda profile: whole_number(facts_with(profile, "experts"), "experts"),
    "experts_used": lambda profile: whole_number(facts_with(profile, "experts"), "used"),
    "vocabulary": lambda profile: whole_number(profile.traits, "vocabulary"),
    "context": lambda profile: whole_number(profile.traits, "context"),
    "cache_bytes_per_token": lambda profile: profile.consequences["cache_bytes_per_token"] or None,
}
"""What is ranked, in the order in which it is told; None where a model has no such thing."""
OF_ANY_DEPTH = ("layers", "total", "active")
"""What goes with the depth is ranked among models of any depth."""

Measures = Mapping[str, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """A size of a model, and how many of the others that have it have less, and as much."""

    name: str  # in MEASURES
    value: int
    less: int
    same: int
    of: int

    @property
    def more(self) -> int:
        """How many have more."""
        return self.of - self.less - self.same


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """Sizes among models of one kind: dense, or sparse by routed experts, and of about so many layers unless of any depth."""

    sparse: bool
    depth: tuple[int, int] | None  # from so many layers to so many
    models: int
    ranks: tuple[Rank, ...]

    def __repr__(self) -> str:
        kind = "sparse" if self.sparse else "dense"
        return f"<Ranked among {counted(self.models, f'{kind} model')}: {counted(len(self.ranks), 'rank')}>"


def ranked(profile: Profile, among: Gallery) -> tuple[Ranked, ...]:
    """The sizes of a model among all of its kind, then among those of its depth; without empty ones.

    Models count once that are of one design and equal in everything that is ranked; the model itself
    and its copies aren't counted where it is of the catalog.
    """
    mine, own = measures(profile), is_sparse(profile)
    kind = [model for sparse, model in _designs_once(profile, mine, among) if sparse == own]
    layers = mine["layers"] or 0
    close = [model for model in kind if _near(layers, model["layers"] or 0)]
    if len(close) < ENOUGH:
        return tuple(_nonempty(own, None, kind, mine, tuple(MEASURES)))
    rest = tuple(name for name in MEASURES if name not in OF_ANY_DEPTH)
    depths = [model["layers"] or 0 for model in close]
    return (
        *_nonempty(own, None, kind, mine, OF_ANY_DEPTH),
        *_nonempty(own, (min(depths), max(depths)), close, mine, rest),
    )


def measures(profile: Profile) -> Measures:
    """Everything that is ranked, of one model."""
    return {name: number(profile) for name, number in MEASURES.items()}


def _designs_once(profile: Profile, mine: Measures, among: Gallery) -> list[tuple[bool, Measures]]:
    """Of each model whether it is sparse and its sizes, copies once."""
    by_sizes: dict[tuple[str, tuple[int | None, ...]], tuple[bool, Measures]] = {}
    for name, models in among.designs.items():
        for model in models:
            sizes = measures(model)
            by_sizes.setdefault((name, tuple(sizes.values())), (is_sparse(model), sizes))
    if profile.listed:
        by_sizes.pop((design(profile), tuple(mine.values())), None)
    return list(by_sizes.values())


def _near(layers: int, others: int) -> bool:
    return layers <= NEAR * others and others <= NEAR * layers


def _nonempty(
    sparse: bool,
    depth: tuple[int, int] | None,
    kind: Sequence[Measures],
    mine: Measures,
    names: Sequence[str],
) -> list[Ranked]:
    ranks = [
        _rank(name, value, [other for model in kind if (other := model[name]) is not None])
        for name in names
        if (value := mine[name]) is not None and (name != "active" or sparse)
    ]
    known_ranks = tuple(rank for rank in ranks if rank.of)
    return (
        [Ranked(sparse=sparse, depth=depth, models=len(kind), ranks=known_ranks)]
        if known_ranks
        else []
    )


def _rank(name: str, value: int, others: Sequence[int]) -> Rank:
    less = sum(other < value for other in others)
    return Rank(name=name, value=value, less=less, same=others.count(value), of=len(others))
