"""The parts of each layer, branch by branch, and layers of one part read together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from llm_gallery.architecture.block import Block
from llm_gallery.figure.strip.layer_bar import WINDOWED
from llm_gallery.figure.tower.rows import Cell
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.bar import Bar
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.plan.one_layer import layers_of
from llm_gallery.plan.place import Place, merged
from llm_gallery.plan.plan import Branch

MOST_KINDS, MOST_PARTS = 4, 4
"""Kinds of units, and parts of one, up to which layers of one part are read together."""


class Part(NamedTuple):
    """A block of a layer, what it is called there, and its bar."""

    name: str
    block: Block
    bar: Bar

    @property
    def colour(self) -> Colour:
        """Its mechanism."""
        return colour_of(self.block)

    @property
    def key(self) -> tuple[str, Colour]:
        """By which it is the same in two layers."""
        return self.name, self.colour


class Added(NamedTuple):
    """A branch of one layer: blocks that read the same input, and where norms stand."""

    parts: tuple[Part, ...]
    before: bool
    after: bool
    on_stream: bool = False

    @property
    def key(self) -> tuple[object, ...]:
        """By which it is the same in two layers."""
        return tuple(part.key for part in self.parts), self.before, self.after, self.on_stream


class Unit(NamedTuple):
    """A layer, or layers of one part up to the next that works on channels."""

    branches: tuple[Added, ...]
    layers: tuple[int, ...]

    @property
    def key(self) -> tuple[object, ...]:
        """By which two are of one kind."""
        return tuple(branch.key for branch in self.branches)

    @property
    def mixers(self) -> tuple[object, ...]:
        """By which two mix tokens alike; of one that mixes none, its key."""
        found = tuple(
            tuple(part.key for part in branch.parts if not part.block.on_channels)
            for branch in self.branches
        )
        return tuple(filter(None, found)) or self.key


def layer_parts(root: Block) -> tuple[Unit, ...]:
    """Each layer of a model, first to last."""
    found: dict[int, tuple[Added, ...]] = {}
    for alike in layers_of(root):
        for layer in alike.all_layers:
            found[layer] = tuple(_added(alike.branches, layer))
    return tuple(Unit(found[layer], (layer,)) for layer in sorted(found))


def _added(branches: Sequence[Branch], layer: int) -> Iterator[Added]:
    """A layer's branches; a norm that stands on the stream is the branch's before it."""
    last: Added | None = None
    for branch in branches:
        if not branch.added:
            if last is not None and any(place.block.is_norm for place in branch.places):
                last = last._replace(on_stream=True)
            continue
        parts, before, after = list[Part](), False, False
        for place in branch.places:
            part = _part(place, layer)
            if part is None:
                continue
            if part.block.mixes:
                parts.append(part)
            elif part.block.is_norm:
                before, after = before or not parts, after or bool(parts)
        if parts:
            if last is not None:
                yield last
            last = Added(tuple(parts), before, after)
    if last is not None:
        yield last


def _part(place: Place, layer: int) -> Part | None:
    """What a layer has at a place, if anything."""
    choice = next((one for one in place.choices if layer in one.all_layers), None)
    if choice is None:
        return None
    block = next((one.block for one in place.variants if layer in one.layers), choice.block)
    name = merged(place).commonest.name if merged(place) is not place else choice.name
    return Part(str(name), block, choice.bar)


def units(layers: tuple[Unit, ...]) -> tuple[Unit, ...]:
    """Layers of one part together, up to the next that works on channels; else the layers as they are."""
    if any(sum(len(branch.parts) for branch in layer.branches) > 1 for layer in layers):
        return layers
    found, held = list[Unit](), list[Unit]()
    for layer in layers:
        held.append(layer)
        if any(part.block.on_channels for branch in layer.branches for part in branch.parts):
            found.append(_joined(held))
            held = []
    if held:
        found.append(_joined(held))
    several = max((len(unit.layers) for unit in found), default=1)
    few = len({unit.key for unit in found}) <= MOST_KINDS and several <= MOST_PARTS
    return tuple(found) if several > 1 and few else layers


def _joined(held: Sequence[Unit]) -> Unit:
    branches = tuple(branch for unit in held for branch in unit.branches)
    return Unit(branches, tuple(layer for unit in held for layer in unit.layers))


def cell(layer: Unit) -> Cell:
    """A layer of the strip."""
    parts = [part for branch in layer.branches for part in branch.parts]
    tokens = [part for part in parts if not part.block.on_channels]
    channels = [part.colour for part in parts if part.block.on_channels]
    first = tokens[0].bar if tokens else Bar()
    length = max(0.4, first.thickness) if first.whole else WINDOWED
    colours = tuple(dict.fromkeys(part.colour for part in tokens))[:2]
    return Cell(colours, length, channels[-1] if channels else None)
