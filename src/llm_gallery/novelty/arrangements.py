"""What may be new in how layers are put together, which no mechanism's inset shows.

Loops, blocks side by side, and where norms stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from llm_gallery import mechanisms
from llm_gallery.architecture.block import Block
from llm_gallery.concepts import concepts
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.loops import looped, reruns
from llm_gallery.mechanisms.wording import capital
from llm_gallery.plan.place import Place
from llm_gallery.plan.plan import Branch, Fork, Plan


class _Found(NamedTuple):
    """Blocks side by side, in a branch of some layers."""

    layers: tuple[int, ...]
    branch: Branch
    fork: Fork
    blocks: list[Block]


class Beside(NamedTuple):
    """What a block is called here, its colour, and whether a norm of its own stands before it."""

    name: str
    colour: Colour
    normed: bool


class SideBySide(NamedTuple):
    """Blocks that read the same input, and whether one norm stands before them all."""

    columns: tuple[Beside, ...]
    normed: bool


class NormAfter(NamedTuple):
    """A norm of what a branch gives back, and whether it norms what it reads, too."""

    before: bool


class Idea(NamedTuple):
    """A concept of the whole layer or stack: what is said of it, and the arrangement that a picture shows of it."""

    concept: str
    title: str
    colour: Colour
    layers: tuple[int, ...]
    words: str
    arrangement: SideBySide | NormAfter | Plan  # of loops, the plan of the stack that runs again


def ideas(plan: Plan) -> Iterator[Idea]:
    """Those that the stack has."""
    every = tuple(range(plan.depth))
    passes, again = plan.stream.passes, reruns(plan.root)
    if passes > 1 or again:
        words = looped(plan.depth, passes, again)
        yield Idea("looped-depth", _loops(plan), "norm", every, words, plan)
    yield from _side_by_side(plan)
    branch = _branch(plan)
    if branch is None:
        return
    before, after = branch
    if after:
        concept = "sandwich-norm" if before else "post-norm"
        new = concepts()[concept].new
        yield Idea(concept, new.title, "norm", every, new.words, NormAfter(before))


def _loops(plan: Plan) -> str:
    passes = plan.stream.passes
    if passes == 1:
        return "Layers that run again"
    often = "twice" if passes == 2 else f"{passes:,} times"
    return f"The same {plan.depth:,} layers, {often} over"


def _branch(plan: Plan) -> tuple[bool, bool] | None:
    """Whether branches begin with a norm, and whether they end with one; None where they differ."""
    places = {_around(b) for frame in plan.frames for b in frame.branches if b.added and b.steps}
    return places.pop() if len(places) == 1 else None


def _around(branch: Branch) -> tuple[bool, bool]:
    ends = branch.steps[0], branch.steps[-1]
    before, after = (isinstance(step, Place) and step.block.is_norm for step in ends)
    return before, after


def _inwards(fork: Fork) -> bool:
    """Whether each of the columns begins with a norm of its own."""
    return all(column[0].block.is_norm for column in fork.columns)


def _side_by_side(plan: Plan) -> Iterator[Idea]:
    """Attention beside an MLP, and attention beside a state, each with the layers that have it."""
    forks: dict[str, list[_Found]] = {}
    for frame in plan.frames:
        for branch in frame.branches:
            for fork in branch.steps:
                if isinstance(fork, Fork) and _several_mix(fork):
                    slots = (slot for column in fork.columns for slot in column)
                    blocks = [slot.block for slot in slots if slot.mixes]
                    forks.setdefault(_joined(blocks), []).append(
                        _Found(frame.all_layers, branch, fork, blocks)
                    )
    forks.pop("", None)
    for concept, places in forks.items():
        first = places[0]
        alike = [place.blocks for place in places if len(place.blocks) == len(first.blocks)]
        normed = _inwards(first.fork)
        columns = tuple(_beside(blocks, normed) for blocks in zip(*alike, strict=True))
        yield Idea(
            concept,
            f"{_listed(columns)} side by side",
            "norm",
            tuple(sorted({layer for place in places for layer in place.layers})),
            f"{_listed(columns)} {concepts()[concept].new.words}",
            SideBySide(columns, _around(first.branch)[0]),
        )


def _several_mix(fork: Fork) -> bool:
    """Whether more than one of its columns mixes tokens or channels: beside what is passed on as it is, one alone does."""
    return sum(any(slot.mixes for slot in column) for column in fork.columns) > 1


def _joined(blocks: Sequence[Block]) -> str:
    """The concept of what stands side by side; "" where it has none."""
    if not any(block.attends for block in blocks):
        return ""
    if any(block.mixes_channels for block in blocks):
        return "parallel-block"
    return "parallel-mixers" if any(block.recurs for block in blocks) else ""


def _beside(blocks: Sequence[Block], normed: bool) -> Beside:
    """A column by what stands in it in the layers of each frame."""
    names = dict.fromkeys(map(_called, blocks))
    return Beside(" or ".join(names), colour_of(blocks[0]), normed)


def _called(block: Block) -> str:
    """What a column is called in a line."""
    if block.attends:
        return "attention"
    if block.mixes_channels:
        return "experts" if block.is_mixture else "MLP"
    return mechanisms.short(block)


def _listed(columns: Sequence[Beside]) -> str:
    """ "Attention and MLP"."""
    return capital(" and ".join(column.name for column in columns))
