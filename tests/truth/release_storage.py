"""How a release stores what a model of the reference has: its names, and matrices joined."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from llm_gallery.mechanisms.forward._array import Array

Config = Mapping[str, Any]
Weights = dict[str, Array]


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalent:
    """A model of the catalog or a release beside it, the reference's type in its place, and its weights as the release stores them."""

    model: str
    reference: str
    stored: Callable[[Weights, Config], Weights]
    config: Config  # what the small config states besides, here and there
    without: tuple[str, ...] = ()  # keys that the reference doesn't know
    keys: Mapping[str, str] = field(default_factory=dict)  # the reference's name of the release's
    changed: Callable[[Any, Config], None] = lambda model, config: None  # what it lacks beside
    around: Config = field(default_factory=dict)  # of a wrapper in which alone the reference has it
    told: Callable[[Config], Config] = lambda raw: {}  # what the reference states in other words
    also: tuple[Config, ...] = ()  # what further small configs state, of which no release needs all


def packed(weights: Weights, into: str, groups: int) -> Weights:
    """q, k and v of each attention as the rows of one matrix, in so many groups; their biases likewise."""
    made = {n: a for n, a in weights.items() if not re.search(r"\.[qkv]_proj\.", n)}
    for name in (n for n in weights if ".q_proj." in n):
        parts = [weights[name.replace("q_proj", f"{which}_proj")] for which in "qkv"]
        rows = [part.reshape(groups, -1, *part.shape[1:]) for part in parts]
        whole = np.concatenate(rows, axis=1).reshape(-1, *parts[0].shape[1:])
        made[name.replace("q_proj", into)] = whole
    return made


def renamed(weights: Weights, names: Mapping[str, str]) -> Weights:
    """The same under the release's names."""
    for old, new in names.items():
        weights = {name.replace(old, new): array for name, array in weights.items()}
    return weights


def as_they_are(weights: Weights, config: Config) -> Weights:
    """The reference's names."""
    return weights
