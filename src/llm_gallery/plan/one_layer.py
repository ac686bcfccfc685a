"""The layers of a model as they are wired, those wired alike as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.once import once_a_tree
from llm_gallery.mechanisms import parts_streams
from llm_gallery.plan.place import Place, gathered, place_of
from llm_gallery.plan.plan import Branch, Fork, OneLayer, Step
from llm_gallery.plan.planning import plan


@once_a_tree
def layers_of(root: Block) -> tuple[OneLayer, ...]:
    """The model's layers, those wired alike as one: mostly one, whatever kinds of blocks it has.

    Layers that lack a branch of others are wired like them, too.
    """
    alike: dict[Wiring, list[OneLayer]] = {}
    for frame in plan(root).frames:
        alike.setdefault(tuple(map(_wiring, frame.branches)), []).append(frame)
    whole: dict[Wiring, list[OneLayer]] = {}
    for wiring in sorted(alike, key=len, reverse=True):
        longer = next((other for other in whole if _within(wiring, other)), wiring)
        whole.setdefault(longer, []).extend(alike[wiring])
    return tuple(_merged(wiring, frames) for wiring, frames in whole.items())


class _Wired(NamedTuple):
    """What is alike of branches that are drawn as one."""

    steps: object
    added: bool
    apart: bool
    plain: bool  # added to one stream
    parts: bool  # one stream from another: bytes from patches, a state from the other


Wiring = tuple[_Wired, ...]
"""What is alike of layers that are drawn as one, branch by branch."""


def _within(wiring: Wiring, longer: Wiring) -> bool:
    """Whether its branches are some of the longer one's, in that order, and none that it lacks tells streams apart."""
    rest = iter(longer)
    lacking = [one for one in longer if one not in wiring]
    return all(branch in rest for branch in wiring) and not any(one.parts for one in lacking)


def _wiring(branch: Branch) -> _Wired:
    """What two branches must have in common to be drawn as one: their places, and whether these mix or not."""
    steps = tuple(
        (isinstance(step, Fork), tuple(tuple(map(_sort, column)) for column in step.columns))
        for step in branch.steps
    )
    parts = any(parts_streams(place.block) for place in branch.places)
    return _Wired(steps, branch.added, branch.apart, branch.connection is None, parts)


def _sort(place: Place) -> str:
    """What may stand in for what: one mixer for another, a norm for its like."""
    return "mixer" if place.mixes else place.block.kind


def _merged(wiring: Wiring, frames: Sequence[OneLayer]) -> OneLayer:
    branches: list[list[Branch]] = [[] for _ in wiring]
    for frame in frames:
        at = iter(range(len(wiring)))
        for branch in frame.branches:
            mine = _wiring(branch)
            branches[next(i for i in at if wiring[i] == mine)].append(branch)
    layers = sorted(layer for frame in frames for layer in frame.all_layers)
    return OneLayer(tuple(map(_branch, branches)), tuple(layers))


def _branch(branches: Sequence[Branch]) -> Branch:
    steps = zip(*(branch.steps for branch in branches), strict=True)
    return replace(branches[0], steps=tuple(map(_step, steps)))


def _step(steps: Sequence[Step]) -> Step:
    first = steps[0]
    columns = tuple(
        tuple(map(_place, zip(*each, strict=True)))
        for each in zip(*(step.columns for step in steps), strict=True)
    )
    return replace(first, columns=columns) if isinstance(first, Fork) else columns[0][0]


def _place(places: Sequence[Place]) -> Place:
    """The blocks of several places as one's, first those of the first layers."""
    held = gathered(variant for place in places for variant in place.variants)
    return place_of(sorted(held, key=lambda variant: variant.layers))
