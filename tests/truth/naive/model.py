"""A second writing of a model, and the configs that it is tried with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from tests.truth.naive.parts import Array, Config, Weights


class Naive(NamedTuple):
    """A model of the catalog or a release beside it, its second writing, and what its small config may state besides."""

    model: str
    scores: Callable[[Config, Weights, Sequence[int]], Array]
    variants: Mapping[str, Config] = {}
    config: Mapping[
        str, Any
    ] = {}  # what each of them states besides: limits small enough to be reached
