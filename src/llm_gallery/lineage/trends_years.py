"""Changes from year to year, by design: dense against sparse, hybrids, local and global attention, positions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from llm_gallery.lineage.designs import Design
from llm_gallery.lineage.sizes import Sizes

TRILLION = 10**12

KINDS: Mapping[str, Callable[[Sizes], bool]] = {
    "dense": lambda one: not one.experts,
    "sparse": lambda one: bool(one.experts),
    "hybrid": lambda one: one.hybrid,
    "recurrent": lambda one: bool(one.recurrent_layers) and not one.hybrid,
    "local_and_global": lambda one: one.mixes_reach,
    "without_positions": lambda one: bool(one.layers_without_positions),
    "trillion": lambda one: one.total >= TRILLION,
}
"""What a model is, by its numbers: with routed experts or without, and what stands in its layers."""


@dataclass(frozen=True, slots=True)
class Year:
    """Models released in a year and designs that came in it, each as what they are."""

    year: int
    models: int
    designs: int
    of_models: Mapping[str, int]  # by kind
    of_designs: Mapping[str, int]
    mixers: Mapping[str, int]  # designs of hybrids by the token mixers of their recurrent layers
    ratios: tuple[
        float, ...
    ]  # local layers for each global one of the designs that mix both, sorted


def years(models_by_date: Sequence[Sizes], made: Sequence[Design]) -> tuple[Year, ...]:
    """Every year that has models, oldest first."""
    first = {one.first.id for one in made}
    by_year: dict[int, list[Sizes]] = {}
    for one in models_by_date:
        by_year.setdefault(one.released.year, []).append(one)
    return tuple(
        _year(year, models, [one for one in models if one.model in first])
        for year, models in by_year.items()
    )


def _year(year: int, models: Sequence[Sizes], new: Sequence[Sizes]) -> Year:
    mixers = Counter(name for one in new if one.hybrid for name in one.recurrent.split())
    return Year(
        year,
        len(models),
        len(new),
        _kinds(models),
        _kinds(new),
        dict(sorted(mixers.items(), key=lambda item: (-item[1], item[0]))),
        tuple(sorted(one.local_layers / one.global_layers for one in new if one.mixes_reach)),
    )


def _kinds(models: Sequence[Sizes]) -> Mapping[str, int]:
    return {name: sum(map(holds, models)) for name, holds in KINDS.items()}


def year_json(one: Year) -> dict[str, Any]:
    """Plain data; ratios to three digits."""
    return {
        "year": one.year,
        "models": one.models,
        "designs": one.designs,
        "of_models": dict(one.of_models),
        "of_designs": dict(one.of_designs),
        "mixers": dict(one.mixers),
        "ratios": [float(f"{ratio:.3g}") for ratio in one.ratios],
    }
