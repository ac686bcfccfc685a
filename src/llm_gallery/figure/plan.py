"""What a figure shows, before anything has a place: frames of layers wired alike, and the insets they share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from llm_gallery.analysis.layers import kinds, schedule
from llm_gallery.analysis.mechanisms import Mechanism
from llm_gallery.architecture.block import (
    CHANNEL_MIXERS,
    TOKEN_MIXERS,
    Block,
    branch,
    join,
    walk,
)
from llm_gallery.architecture.repeats import fold
from llm_gallery.figure import looks
from llm_gallery.figure.looks import Look

folded = lru_cache(maxsize=64)(fold)
"""A schedule's runs: several parts of a figure ask for them, and 500 layers without order take long."""

Signature = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """One block of several that stand at the same place: its path in its first layer, its layers."""

    block: Block
    path: str
    layers: tuple[int, ...]

    @property
    def count(self) -> int:
        """Layers that hold the block."""
        return len(self.layers)


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a branch; more than one variant where layers differ in facts only."""

    variants: tuple[Variant, ...]

    @property
    def block(self) -> Block:
        """The block of the first variant: what all of them are alike in."""
        return self.variants[0].block

    @property
    def mixes(self) -> bool:
        """Whether the layer is about this block: it mixes tokens or channels."""
        return self.block.kind in TOKEN_MIXERS or self.block.kind in CHANNEL_MIXERS


@dataclass(frozen=True, slots=True)
class Branch:
    """What is added to the residual stream: slots in order of computation."""

    slots: tuple[Slot, ...]

    @property
    def hero(self) -> Slot | None:
        """The slot that mixes."""
        return next((slot for slot in self.slots if slot.mixes), None)


@dataclass(frozen=True, slots=True)
class Frame:
    """Layers whose wiring and parts are the same."""

    title: str
    short: str
    colour: Mechanism | None  # of what it is called after
    layers: tuple[int, ...]
    branches: tuple[Branch, ...]

    def hero(self, token: bool) -> Slot | None:
        """The slot that mixes tokens, or the one that mixes channels."""
        among = TOKEN_MIXERS if token else CHANNEL_MIXERS
        heroes = [branch.hero for branch in self.branches]
        found = [h for h in heroes if h is not None and h.block.kind in among]
        return next((h for h in found if h.block.kind == "moe"), next(iter(found), None))


@dataclass(frozen=True, slots=True)
class Use:
    """A mechanism that one inset shows: its variants over all frames, and the frames that have it."""

    token: bool
    variants: tuple[Variant, ...]
    frames: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that the figure of a stack shows."""

    depth: int
    schedule: tuple[int, ...]  # for each layer its look: an index into `looks`
    looks: tuple[Look, ...]
    frames: tuple[Frame, ...]
    uses: tuple[Use, ...]


def plan(root: Block) -> Plan:
    """Groups the layers of a model into frames, and their mixers into insets."""
    found = kinds(root)
    order = schedule(root)
    stack = next((path for path, block in walk(root) if block.kind == "stack"), "")
    at: list[list[int]] = [[] for _ in found]
    for layer, index in enumerate(order):
        at[index].append(layer)
    groups: dict[Signature, list[int]] = {}
    for index, kind in enumerate(found):
        groups.setdefault(_signature(kind.layer), []).append(index)
    seen = looks.looks(tuple(kind.layer for kind in found))
    raw = [
        tuple(_branches([(found[i].layer, join(stack, str(at[i][0])), at[i]) for i in members]))
        for members in groups.values()
    ]
    names = looks.frames([[found[i].layer for i in members] for members in groups.values()])
    frames = tuple(
        Frame(
            name.full,
            name.short,
            name.colour,
            tuple(sorted(n for i in members for n in at[i])),
            each,
        )
        for name, members, each in zip(names, groups.values(), raw, strict=True)
    )
    return Plan(len(order), order, seen, frames, tuple(_uses(frames)))


def _signature(block: Block) -> Signature:
    """What two blocks must share to be drawn as one: kinds and parts, not sizes."""
    shape = tuple(sorted(name for name in block.facts if name in _STRUCTURE and block.value(name)))
    return (block.kind, block.name, shape, tuple(map(_signature, branch(block))))


_STRUCTURE = ("gate", "gated", "shared_gate", "sinks", "shared")
"""Facts that change the drawing of a mechanism, not only a number on it."""


def _branches(members: list[tuple[Block, str, list[int]]]) -> Iterator[Branch]:
    """The branches of a frame's layers, the blocks of all members gathered place by place."""
    layer, _, _ = members[0]
    for number, held in enumerate(layer.inside):
        parts = branch(held) if held.kind == "residual" else (held,)
        slots = []
        for place in range(len(parts)):
            variants: list[Variant] = []
            for member, path, layers in members:
                other = member.inside[number]
                block = branch(other)[place] if held.kind == "residual" else other
                _gather(variants, block, join(path, block.name), tuple(layers))
            slots.append(Slot(tuple(variants)))
        yield Branch(tuple(slots))


def _gather(held: list[Variant], block: Block, path: str, layers: tuple[int, ...]) -> None:
    """Adds a block's layers to its like, or the block as a new variant."""
    for index, variant in enumerate(held):
        if variant.block == block:
            held[index] = Variant(block, variant.path, tuple(sorted(variant.layers + layers)))
            return
    held.append(Variant(block, path, layers))


def _uses(frames: tuple[Frame, ...]) -> Iterator[Use]:
    """The insets: mixers of tokens first, each in order of the frames."""
    for token in (True, False):
        found: dict[Signature, tuple[list[Variant], list[int]]] = {}
        for index, frame in enumerate(frames):
            slot = frame.hero(token)
            if slot is None:
                continue
            variants, used = found.setdefault(_signature(slot.block), ([], []))
            used.append(index)
            for variant in slot.variants:
                _gather(variants, variant.block, variant.path, variant.layers)
        for variants, used in found.values():
            yield Use(token, tuple(variants), tuple(used))
