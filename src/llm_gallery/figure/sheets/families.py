"""Families of models along the tree: a model with enough that follow it begins one of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from llm_gallery.architecture.block import Architecture
from llm_gallery.plan.heading import Heading, Models

LEAST = 8
"""Models from which on those that follow one another are a family."""


@dataclass(frozen=True, slots=True)
class Member:
    """A model of a family, and how many of its ancestors are members too."""

    architecture: Architecture
    heading: Heading
    depth: int


@dataclass(frozen=True, slots=True)
class Family:
    """A model and those that follow it, each after its ancestor; `members` begins with that model."""

    members: tuple[Member, ...]

    @property
    def head(self) -> Heading:
        """The one that it is called after."""
        return self.members[0].heading


def families(models: Models) -> list[Family]:
    """All models, each once, in the order of the tree, of those that follow one model the oldest first.

    A model whose ancestor isn't among them begins a line. A line too short to be a family takes in the
    first family that comes from it.
    """
    models = sorted(models, key=lambda one: one[1].released or date.max)
    below = _below(models)
    roots = below.get(None, [])
    heads: set[int] = set()
    for root in roots:
        if _gathered(root, below, heads) < LEAST:
            within = (one for one in _line(root, below) if one in heads)
            heads.discard(next(within, -1))
    alone = [root for root in roots if not below.get(root)]
    joined = set(alone[1:])
    starts = [i for root in roots if root not in joined for i in _line(root, below)]
    found = []
    for head in (one for one in starts if one in heads or one in roots):
        members = tuple(_members(models, head, below, heads, 0))
        if alone and head == alone[0]:
            members += tuple(Member(*models[one], 0) for one in alone[1:])
        found.append(Family(members))
    return found


Below = dict[int | None, list[int]]
"""Who follows whom."""


def _below(models: Models) -> Below:
    """Who follows whom; where names go round in a circle, the first of them begins a line."""
    named = {heading.line: index for index, (_, heading) in enumerate(models)}
    parents: dict[int, int] = {}
    below: Below = {}
    for index, (_, heading) in enumerate(models):
        parent = named.get(heading.ancestor)
        at = parent
        while at is not None and at != index:
            at = parents.get(at)
        if parent is None or at == index:
            below.setdefault(None, []).append(index)
        else:
            parents[index] = parent
            below.setdefault(parent, []).append(index)
    return below


def _gathered(model: int, below: Below, heads: set[int]) -> int:
    """Counts a line from its ends; where it is long enough, its first model is a head and counts for nobody else."""
    count = 1 + sum(_gathered(child, below, heads) for child in below.get(model, ()))
    if count >= LEAST:
        heads.add(model)
        return 0 if model not in below.get(None, ()) else count
    return count


def _line(model: int, below: Below) -> Iterator[int]:
    """A model and all that follow it, each after its ancestor."""
    yield model
    for child in below.get(model, ()):
        yield from _line(child, below)


def _members(
    models: Sequence[tuple[Architecture, Heading]],
    model: int,
    below: Below,
    heads: set[int],
    depth: int,
) -> Iterator[Member]:
    yield Member(*models[model], depth)
    for child in below.get(model, ()):
        if child not in heads:
            yield from _members(models, child, below, heads, depth + 1)
