"""A place in a layer's branch: the blocks that stand there by turns, what they are called and how they look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from llm_gallery import mechanisms
from llm_gallery.architecture.block import Block, walk
from llm_gallery.architecture.fact import Value
from llm_gallery.architecture.once import once_a_tree
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.bar import Bar, bars_of
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.scalars import TABLE
from llm_gallery.mechanisms.wording import Name
from llm_gallery.plan import block_names


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
class Choice:
    """One of the blocks that layers have at a place: what it is called, what it looks like, in how many layers."""

    name: Name
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
    """A place in a branch: its blocks, and those that are told apart by name and look."""

    variants: tuple[Variant, ...]
    choices: tuple[Choice, ...]

    @property
    def block(self) -> Block:
        """The first of them."""
        return self.variants[0].block

    @property
    def layers(self) -> int:
        """Layers that have one of them."""
        return sum(choice.layers for choice in self.choices)

    @property
    def mixes(self) -> bool:
        """Whether the layer is about what stands here: it mixes tokens or channels."""
        return self.block.on_tokens or self.block.on_channels

    @property
    def commonest(self) -> Choice:
        """What most layers have here."""
        return max(self.choices, key=lambda choice: choice.layers)

    @property
    def columns(self) -> tuple[tuple[Place, ...], ...]:
        """Itself, as a fork has columns."""
        return ((self,),)

    @property
    def places(self) -> tuple[Place, ...]:
        """Itself, as of a fork's columns theirs."""
        return (self,)


def place_of(variants: Iterable[Variant]) -> Place:
    """The place of some blocks: those that are of one name and look are one choice, in all their layers."""
    held = tuple(variants)
    blocks = [variant.block for variant in held]
    looks = [
        bar if block.mixes else Bar() for block, bar in zip(blocks, bars_of(blocks), strict=True)
    ]
    found: dict[tuple[str, Bar], Choice] = {}
    for name, look, variant in zip(_names(blocks, looks), looks, held, strict=True):
        first = Choice(
            name, colour_of(variant.block), look, variant.block, variant.path, variant.layers
        )
        if (before := found.get((name, look))) is not None:
            layers = tuple(sorted({*before.all_layers, *variant.layers}))
            others = (*before.others, (variant.path, variant.block))
            first = replace(before, all_layers=layers, others=others)
        found[name, look] = first
    return Place(held, tuple(found.values()))


def _names(blocks: Sequence[Block], looks: Sequence[Bar]) -> list[Name]:
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
        of_look: dict[tuple[str, Bar], list[int]] = {}
        for index in at:
            of_look.setdefault((names[index], looks[index]), []).append(index)
        # Where not all can be told apart, those of different looks are.
        for groups in ([[index] for index in at], [*of_look.values()]):
            told = block_names.variants([blocks[first] for first, *_ in groups])
            if told[0] == f"{names[groups[0][0]]} 1":
                continue
            for name, group in zip(told, groups, strict=True):
                for index in group:
                    names[index] = name
            break
    return names


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
    return replace(place, choices=(whole,))


def gathered(variants: Iterable[Variant]) -> list[Variant]:
    """The blocks, those that are equal as one, in all their layers."""
    found: list[Variant] = []
    for variant in variants:
        for index, known in enumerate(found):
            alike = _nameless(known.block) == _nameless(variant.block)
            if alike and bounds(known.block) == bounds(variant.block):
                at = tuple(sorted({*known.layers, *variant.layers}))
                found[index] = replace(known, layers=at)
                break
        else:
            found.append(variant)
    return found


@once_a_tree
def _nameless(block: Block) -> Block:
    """The block without its own names: a norm is the same before attention and, where a layer has none, before an MLP."""
    return replace(block, name="", tensors=tuple(t._replace(name="") for t in block.tensors))


@once_a_tree
def bounds(block: Block) -> list[dict[str, Value]]:
    """Scalars that are settings, of which blocks that count as equal may have different ones."""
    return [
        {name: value for name, value in part.settings.items() if name in TABLE}
        for _, part in walk(block)
    ]


def by_ratio(variants: Sequence[Variant]) -> list[list[Variant]]:
    """Those that compress, by their ratio and their way to choose."""
    alike: dict[tuple[int, bool], list[Variant]] = {}
    for variant in variants:
        if "ratio" in variant.block.facts:
            key = variant.block.number("ratio"), "selected" in variant.block.facts
            alike.setdefault(key, []).append(variant)
    return list(alike.values())
