"""The numbers of each model that are followed over time, and their medians by quarter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from statistics import median

from llm_gallery.analysis.layers import pattern
from llm_gallery.comparison import Part, Profile
from llm_gallery.lineage.family_member import Member
from llm_gallery.mechanisms import MIXING, concepts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """The numbers of one model; None where it has no such thing.

    Layers are counted by their token mixers: attention over all earlier tokens (or over a
    compressed stream of all, or over those that an indexer picks among all), over a window or chunk
    alone, and recurrent mixers. A layer with two mixers counts in both.
    """

    model: str
    released: date
    total: int
    active: int
    active_least: int  # less where some choices of a router run no expert
    layers: int
    width: int
    pattern: str  # folded schedule of the layers
    global_layers: int
    local_layers: int
    recurrent_layers: int
    layers_without_positions: int  # attention layers
    window: int | None  # tokens, of the windowed or chunked layers
    experts: int | None
    experts_used: int | None
    shared_experts: int | None
    heads: int | None
    kv_heads: int | None
    cache_bytes_per_token: int
    cache_bytes_per_token_long: int
    state_bytes: int
    context: int | None
    vocabulary: int | None
    recurrent: str  # token mixers of recurrent layers, as ids of concepts
    attention: str  # and in those that attend

    @property
    def quarter(self) -> str:
        """When it came, as "2025-Q1"."""
        return quarter(self.released)

    @property
    def attending_layers(self) -> int:
        """Layers that attend, to all tokens or to some."""
        return self.global_layers + self.local_layers

    @property
    def hybrid(self) -> bool:
        """Whether recurrent layers and attention stand in one stack."""
        return bool(self.recurrent_layers and self.attending_layers)

    @property
    def mixes_reach(self) -> bool:
        """Whether local and global attention stand in one stack."""
        return bool(self.local_layers and self.global_layers)


def sizes(member: Member) -> Sizes:
    """The numbers of one model."""
    profile = member.profile
    follows = profile.consequences
    experts, attention = facts_with(profile, "experts"), facts_with(profile, "kv_heads")
    mixing = [part for part in profile.parts if part.role == "token_mixer"]
    attending = [part for part in mixing if part.block.attends]
    local = [part for part in attending if part.reach and "ratio" not in part.facts]
    return Sizes(
        model=member.id,
        released=member.released,
        total=follows["total"],
        active=follows["active"],
        active_least=profile.counts.active_least,
        layers=whole_number(profile.traits, "layers") or 0,
        width=whole_number(profile.traits, "width") or 0,
        pattern=pattern(member.architecture.root),
        global_layers=_layers([part for part in attending if part not in local]),
        local_layers=_layers(local),
        recurrent_layers=_layers([part for part in mixing if part.block.recurs]),
        layers_without_positions=_layers([part for part in attending if not part.rotated]),
        window=whole_number(local[0].facts, local[0].reach) if local else None,
        experts=whole_number(experts, "experts"),
        experts_used=whole_number(experts, "used"),
        shared_experts=whole_number(experts, "shared"),
        heads=whole_number(attention, "heads"),
        kv_heads=kv_heads_of(attention),
        cache_bytes_per_token=follows["cache_bytes_per_token"],
        cache_bytes_per_token_long=follows["cache_bytes_per_token_long"],
        state_bytes=follows["state_bytes"],
        context=whole_number(profile.traits, "context"),
        vocabulary=whole_number(profile.traits, "vocabulary"),
        recurrent=_named([part for part in mixing if part.block.recurs]),
        attention=_named(attending),
    )


def _named(parts: Sequence[Part]) -> str:
    """The concept that each kind of block is, in the order of the layers."""
    return " ".join(dict.fromkeys(next(concepts_of(part.block), part.kind) for part in parts))


def _layers(parts: Sequence[Part]) -> int:
    return len({index for part in parts for index in part.layers})


def facts_with(profile: Profile, name: str) -> Mapping[str, object]:
    """The facts of the first part of which people search for a fact; none where no part has it."""
    return next((part.facts for part in profile.parts if name in MIXING[part.kind].searched), {})


def is_sparse(profile: Profile) -> bool:
    """Whether a model has routed experts, however many of them a token takes."""
    return bool(facts_with(profile, "experts"))


def kv_heads_of(attention: Mapping[str, object]) -> int | None:
    """Stored only where grouped; as many as heads, or one, elsewhere; latent attention has none."""
    sharing = attention.get("sharing")
    if sharing == "MQA":
        return 1
    return whole_number(attention, "heads" if sharing == "MHA" else "kv_heads")


def whole_number(facts: Mapping[str, object], name: str) -> int | None:
    """A fact that is one whole number; None where it is none, or another in other layers."""
    value = facts.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


FOLLOWED: Mapping[str, Callable[[Sizes], float | None]] = {
    "total": lambda sizes: sizes.total,
    "active": lambda sizes: sizes.active,
    "active_share": lambda sizes: sizes.active / sizes.total if sizes.experts else None,
    "experts": lambda sizes: sizes.experts,
    "experts_used": lambda sizes: sizes.experts_used,
    "layers": lambda sizes: sizes.layers,
    "width": lambda sizes: sizes.width,
    "width_per_layer": lambda sizes: sizes.width / sizes.layers,
    "local_per_global": lambda sizes: (
        sizes.local_layers / sizes.global_layers if sizes.mixes_reach else None
    ),
    "recurrent_per_attending": lambda sizes: (
        sizes.recurrent_layers / sizes.attending_layers if sizes.hybrid else None
    ),
    "heads_per_kv_head": lambda sizes: (
        sizes.heads / sizes.kv_heads if sizes.heads and sizes.kv_heads else None
    ),
    "cache_bytes_per_token": lambda sizes: sizes.cache_bytes_per_token or None,
    "cache_bytes_per_token_long": lambda sizes: sizes.cache_bytes_per_token_long or None,
    "context": lambda sizes: sizes.context if sizes.global_layers else None,
    "vocabulary": lambda sizes: sizes.vocabulary,
}
"""What medians are taken of, over the models that have it: sparsity is that of models with experts, and context that of
models with global attention. Where no layer sees all tokens, the config's number limits nothing."""


@dataclass(frozen=True, slots=True)
class Record:
    """The most that any of some models has of a number, and all of them that have so much, oldest first."""

    number: float
    models: tuple[str, ...]  # ids


def record(name: str, among: Sequence[Sizes]) -> Record | None:
    """The record in a number that is followed; None where no model has such a thing.

    It is asked of models, not of designs: the largest is the largest, whoever had its design before.
    """
    numbers = {
        sizes.model: value for sizes in among if (value := FOLLOWED[name](sizes)) is not None
    }
    if not numbers:
        return None
    most = max(numbers.values())
    return Record(most, tuple(model for model, number in numbers.items() if number == most))


@dataclass(frozen=True, slots=True)
class Median:
    """A number in a quarter: its median, and of how many models."""

    quarter: str
    name: str
    median: float
    models: int


def medians(models_by_date: Sequence[Sizes]) -> tuple[Median, ...]:
    """The medians of every quarter, for sizes that are ordered by date."""
    rows = []
    for name, group in groupby(models_by_date, key=lambda sizes: quarter(sizes.released)):
        models = list(group)
        for key, number in FOLLOWED.items():
            values = [value for model in models if (value := number(model)) is not None]
            if values:
                rows.append(Median(name, key, median(values), len(values)))
    return tuple(rows)


def quarter(day: date) -> str:
    """The quarter of a day, as text that sorts by time."""
    return f"{day.year}-Q{(day.month + 2) // 3}"
