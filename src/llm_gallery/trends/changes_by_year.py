"""Changes from year to year, by design: dense against sparse, hybrids, local and global attention, positions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from llm_gallery.analysis.units import is_trillion
from llm_gallery.lineage.designs import Design
from llm_gallery.lineage.sizes import Sizes

KINDS: Mapping[str, Callable[[Sizes], bool]] = {
    "dense": lambda sizes: not sizes.experts,
    "sparse": lambda sizes: bool(sizes.experts),
    "hybrid": lambda sizes: sizes.hybrid,
    "recurrent": lambda sizes: bool(sizes.recurrent_layers) and not sizes.hybrid,
    "local_and_global": lambda sizes: sizes.mixes_reach,
    "without_positions": lambda sizes: bool(sizes.layers_without_positions),
    "trillion": lambda sizes: is_trillion(sizes.total),
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


def years(models_by_date: Sequence[Sizes], designs: Sequence[Design]) -> tuple[Year, ...]:
    """Every year that has models, oldest first."""
    first = {design.first.id for design in designs}
    by_year: dict[int, list[Sizes]] = {}
    for sizes in models_by_date:
        by_year.setdefault(sizes.released.year, []).append(sizes)
    return tuple(
        _year(year, models, [model for model in models if model.model in first])
        for year, models in by_year.items()
    )


def _year(year: int, models: Sequence[Sizes], new: Sequence[Sizes]) -> Year:
    mixers = Counter(name for sizes in new if sizes.hybrid for name in sizes.recurrent.split())
    return Year(
        year,
        len(models),
        len(new),
        _kinds(models),
        _kinds(new),
        dict(sorted(mixers.items(), key=lambda item: (-item[1], item[0]))),
        tuple(
            sorted(sizes.local_layers / sizes.global_layers for sizes in new if sizes.mixes_reach)
        ),
    )


def _kinds(models: Sequence[Sizes]) -> Mapping[str, int]:
    return {name: sum(map(holds, models)) for name, holds in KINDS.items()}


def year_json(year: Year) -> dict[str, Any]:
    """Plain data; ratios to three digits."""
    return {
        "year": year.year,
        "models": year.models,
        "designs": year.designs,
        "of_models": dict(year.of_models),
        "of_designs": dict(year.of_designs),
        "mixers": dict(year.mixers),
        "ratios": [float(f"{ratio:.3g}") for ratio in year.ratios],
    }
