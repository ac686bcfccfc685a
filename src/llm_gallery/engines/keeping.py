"""Blocks of a model with how often each runs for a token, and what each keeps of a sequence.

Definitions: docs/definitions.md#cache-and-state
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from llm_gallery.analysis.memory import depth_passes
from llm_gallery.architecture.block import Block, layers, main_stack
from llm_gallery.architecture.once import once_a_tree
from llm_gallery.mechanisms import MECHANISMS
from llm_gallery.mechanisms._mechanism import States
from llm_gallery.mechanisms.moe import least


class Run(NamedTuple):
    """A block, and how often it runs for one token at least."""

    block: Block
    times: int
    around: Block | None  # what it is a part of


class Keeping(NamedTuple):
    """A block that keeps something, in so many layers and passes."""

    block: Block
    layers: int
    growing: int  # elements a token, in one layer
    states: States  # in one layer
    around: Block | None  # what it is a part of


@once_a_tree
def runs(root: Block) -> tuple[Run, ...]:
    """Every distinct block that runs, with the fewest times that it does: routers may choose no expert."""
    return _gathered(_visited(part, 1, root) for part in root.inside)


@once_a_tree
def runs_of_text(root: Block) -> tuple[Run, ...]:
    """The same of a token that isn't the last of a text: the layers that later tokens need it in.

    What follows the last layer that keeps something, and that layer itself but for what it keeps, no later
    token reads. The engine may leave it out, as llama.cpp does, so it is no part of a bound.
    """
    stack, made = main_stack(root), layers(root)
    keep = [number for number, layer in enumerate(made) if any(_kept(Run(layer, 1, None)))]
    needed = made[: keep[-1]] if keep else ()
    passes = depth_passes(root)
    whole = (_visited(layer, passes - 1, stack) for layer in made)
    last = (_visited(layer, 1, stack) for layer in needed)
    return _gathered([*whole, *last])


@once_a_tree
def keepings(root: Block) -> tuple[Keeping, ...]:
    """What blocks keep of one sequence, each distinct block once."""
    found = (kept for part in root.inside for kept in _kept(Run(part, 1, root)))
    rows: dict[tuple[int, int], Keeping] = {}
    for kept in found:
        key = id(kept.block), id(kept.around)
        before = rows.get(key)
        rows[key] = kept if before is None else kept._replace(layers=before.layers + kept.layers)
    return tuple(rows.values())


def _visited(block: Block, times: int, around: Block | None) -> Iterator[Run]:
    if block.stands_apart:
        return
    mixture = around is not None and around.is_mixture
    times *= least(around, block) if mixture and around is not None else block.used
    if not times:
        return
    if block.is_stack and "passes" in block.facts:
        times *= block.number("passes")
    yield Run(block, times, around)
    for part in block.inside:
        yield from _visited(part, times, block)


def _gathered(walks: Iterable[Iterator[Run]]) -> tuple[Run, ...]:
    """Equal blocks as one, their times added."""
    rows: dict[int, Run] = {}
    for run in (run for walk in walks for run in walk):
        before = rows.get(id(run.block))
        rows[id(run.block)] = (
            run if before is None else before._replace(times=before.times + run.times)
        )
    return tuple(rows.values())


def _kept(run: Run) -> Iterator[Keeping]:
    block, times, around = run
    if block.stands_apart or not block.used:
        return
    if block.is_stack and "passes" in block.facts:
        times *= block.number("passes")
    kept = MECHANISMS[block.kind].kept(block)
    if kept.growing or kept.states:
        yield Keeping(block, times, kept.growing, kept.states, around)
    for part in () if kept.whole else block.inside:
        yield from _kept(Run(part, times, block))
