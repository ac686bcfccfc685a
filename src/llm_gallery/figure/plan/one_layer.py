"""One layer of a model as it is wired: blocks that layers have by turns stand side by side in a dashed border."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from llm_gallery import mechanisms
from llm_gallery.architecture.block import Block
from llm_gallery.architecture.once import once_a_tree
from llm_gallery.figure import block_names
from llm_gallery.figure.plan.plan import Branch, Fork, Frame, Plan, Slot, Variant
from llm_gallery.figure.plan.planning import gather, plan
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.bar import Bar, bars_of
from llm_gallery.mechanisms.colour import Colour


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the blocks that layers have at a place: what it is called, what it looks like, in how many layers."""

    name: str
    colour: Colour
    bar: Bar
    block: Block
    path: str
    all_layers: tuple[int, ...]
    others: tuple[tuple[str, Block], ...] = ()
    """Blocks of its name and look, with their paths, that differ from it in other facts."""

    @property
    def layers(self) -> int:
        """How many they are."""
        return len(self.all_layers)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a branch: the blocks that stand there by turns, and how many layers have one at all."""

    choices: tuple[Choice, ...]

    @property
    def block(self) -> Block:
        """The first of them."""
        return self.choices[0].block

    @property
    def layers(self) -> int:
        """Layers that have one of them."""
        return sum(choice.layers for choice in self.choices)

    @property
    def mixes(self) -> bool:
        """Whether the layer is about what stands here."""
        return self.block.on_tokens or self.block.on_channels

    @property
    def commonest(self) -> Choice:
        """What most layers have here."""
        return max(self.choices, key=lambda choice: choice.layers)

    @property
    def places(self) -> tuple[Place, ...]:
        """Itself, as of columns theirs."""
        return (self,)


def merged(place: Place) -> Place:
    """A place whose choices are mixtures that differ in how they route only: that is one block, and its numbers say so."""
    first = place.commonest
    if len(place.choices) < 2 or not all(choice.block.is_mixture for choice in place.choices):
        return place
    held = tuple(sorted(layer for choice in place.choices for layer in choice.all_layers))
    name = mechanisms.title(first.block)
    rest = [choice for choice in place.choices if choice is not first]
    others = [one for choice in rest for one in ((choice.path, choice.block), *choice.others)]
    whole = replace(first, name=name, bar=Bar(), all_layers=held, others=(*first.others, *others))
    return Place((whole,))


@dataclass(frozen=True, slots=True)
class Columns:
    """Places side by side that read the same input and are added."""

    columns: tuple[tuple[Place, ...], ...]
    scale: str = ""  # what multiplies the sum, as it is written

    @property
    def places(self) -> tuple[Place, ...]:
        """All of them, column after column."""
        return tuple(place for column in self.columns for place in column)


@dataclass(frozen=True, slots=True)
class Reading:
    """A branch: what stands on it in order, where it is added, and how it reads and writes several streams."""

    steps: tuple[Place | Columns, ...]
    added: bool
    apart: bool
    connection: Variant | None

    @property
    def places(self) -> Iterator[Place]:
        """All places, column after column."""
        return (place for step in self.steps for place in step.places)


@dataclass(frozen=True, slots=True)
class OneLayer:
    """Layers that are wired alike, as one."""

    branches: tuple[Reading, ...]
    layers: int

    @property
    def places(self) -> Iterator[Place]:
        """All places, branch after branch."""
        return (place for branch in self.branches for place in branch.places)


def layers_as_one(plan: Plan) -> tuple[OneLayer, ...]:
    """The layers of a planned model, as `layers_of` has them."""
    return layers_of(plan.root)


@once_a_tree
def layers_of(root: Block) -> tuple[OneLayer, ...]:
    """The model's layers, those wired alike as one: mostly one, whatever kinds of blocks it has.

    Layers that lack a branch of others are wired like them, too.
    """
    alike: dict[Wiring, list[Frame]] = {}
    for frame in plan(root).frames:
        alike.setdefault(tuple(map(_wiring, frame.branches)), []).append(frame)
    whole: dict[Wiring, list[Frame]] = {}
    for wiring in sorted(alike, key=len, reverse=True):
        longer = next((other for other in whole if _within(wiring, other)), wiring)
        whole.setdefault(longer, []).extend(alike[wiring])
    return tuple(_merged(wiring, frames) for wiring, frames in whole.items())


Wiring = tuple[object, ...]
"""What is alike of layers that are drawn as one, branch by branch."""


def _within(wiring: Wiring, longer: Wiring) -> bool:
    """Whether its branches are some of the longer one's, in that order."""
    rest = iter(longer)
    return all(branch in rest for branch in wiring)


def _wiring(branch: Branch) -> object:
    """What two branches must have in common to be drawn as one: their places, and whether these mix or not."""
    steps = tuple(
        tuple(tuple(map(_sort, column)) for column in step.columns)
        if isinstance(step, Fork)
        else _sort(step)
        for step in branch.steps
    )
    return steps, branch.added, branch.apart, branch.connection is None


def _sort(slot: Slot) -> str:
    """What may stand in for what: one mixer for another, a norm for its like."""
    return "mixer" if slot.mixes else slot.block.kind


def _merged(wiring: Wiring, frames: Sequence[Frame]) -> OneLayer:
    branches: list[list[Branch]] = [[] for _ in wiring]
    for frame in frames:
        at = iter(range(len(wiring)))
        for branch in frame.branches:
            mine = _wiring(branch)
            branches[next(i for i in at if wiring[i] == mine)].append(branch)
    layers = sum(len(frame.layers) for frame in frames)
    return OneLayer(tuple(map(_reading, branches)), layers)


def _reading(branches: Sequence[Branch]) -> Reading:
    first = branches[0]
    steps = zip(*(branch.steps for branch in branches), strict=True)
    return Reading(tuple(map(_step, steps)), first.added, first.apart, first.connection)


def _step(steps: Sequence[Slot | Fork]) -> Place | Columns:
    forks = [step for step in steps if isinstance(step, Fork)]
    if not forks:
        return _place([step for step in steps if isinstance(step, Slot)])
    columns = zip(*(fork.columns for fork in forks), strict=True)
    side_by_side = tuple(tuple(map(_place, zip(*each, strict=True))) for each in columns)
    return Columns(side_by_side, forks[0].scale)


def _place(slots: Sequence[Slot]) -> Place:
    """Blocks that are equal, or of one name and look, are one, in all their layers."""
    variants: list[Variant] = []
    for variant in (variant for slot in slots for variant in slot.variants):
        gather(variants, variant.block, variant.path, variant.layers)
    variants.sort(key=lambda variant: variant.layers)
    blocks = [variant.block for variant in variants]
    looks = [
        bar if block.mixes else Bar() for block, bar in zip(blocks, bars_of(blocks), strict=True)
    ]
    found: dict[tuple[str, Bar], Choice] = {}
    for name, look, variant in zip(_names(blocks, looks), looks, variants, strict=True):
        key = name, look
        before = found.get(key)
        layers = tuple(sorted({*variant.layers, *(before.all_layers if before else ())}))
        block, path = (before.block, before.path) if before else (variant.block, variant.path)
        others = (*before.others, (variant.path, variant.block)) if before else ()
        found[key] = Choice(name, colour_of(variant.block), look, block, path, layers, others)
    return Place(tuple(found.values()))


def _names(blocks: Sequence[Block], looks: Sequence[Bar]) -> list[str]:
    """Titles, or what tells blocks of one kind apart, where that is more than a number.

    Beside blocks of other kinds they keep a title that no two looks have.
    """
    names = [mechanisms.title(block) for block in blocks]
    kinds = {block.kind for block in blocks}
    for kind in kinds:
        at = [index for index, block in enumerate(blocks) if block.kind == kind]
        titles = {names[index] for index in at}
        if len({(names[index], looks[index]) for index in at}) == (
            1 if len(kinds) == 1 else len(titles)
        ):
            continue
        for index, name in zip(at, block_names.variants([blocks[i] for i in at]), strict=True):
            if not name.removeprefix(f"{names[index]} ").isdigit():
                names[index] = name
    return names
