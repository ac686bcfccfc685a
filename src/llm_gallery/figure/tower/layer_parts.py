"""The parts of each layer, branch by branch, and layers of one part read together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from llm_gallery.architecture.block import Block, join, stack_path
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
    """A block of a layer, what it is called there, its bar, its path in its first layer, and norms of its own."""

    name: str
    block: Block
    bar: Bar
    path: str
    others: tuple[tuple[str, Block], ...] = ()
    before: bool = False
    after: bool = False

    @property
    def colour(self) -> Colour:
        """Its mechanism."""
        return colour_of(self.block)

    @property
    def key(self) -> tuple[str, Colour, bool, bool]:
        """By which it is the same in two layers."""
        return self.name, self.colour, self.before, self.after


class Added(NamedTuple):
    """A branch of one layer: blocks that read the same input, or in series, and where norms stand."""

    parts: tuple[Part, ...]
    before: bool = False
    after: bool = False
    on_stream: bool = False
    under: bool = False
    series: bool = False
    reads: int | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """By which it is the same in two layers."""
        return tuple(part.key for part in self.parts), *self[1:]


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
    stack = stack_path(root)
    found: dict[int, tuple[Added, ...]] = {}
    for alike in layers_of(root):
        for layer in alike.all_layers:
            held = _added(alike.branches, layer)
            found[layer] = tuple(_located(one, stack, layer) for one in held)
    return tuple(Unit(found[layer], (layer,)) for layer in sorted(found))


def _located(branch: Added, stack: str, layer: int) -> Added:
    """The branch with its parts' paths in this very layer, not in the first that is like it."""
    parts = tuple(
        part._replace(path=join(join(stack, str(layer)), _within(part.path, stack)))
        for part in branch.parts
    )
    return branch._replace(parts=parts)


def _within(path: str, stack: str) -> str:
    """A path within its layer."""
    return path.removeprefix(f"{stack}.").partition(".")[2]


def _added(branches: Sequence[Branch], layer: int) -> Iterator[Added]:
    """A layer's branches; a norm that stands on the stream is the branch's before it, else the first's."""
    made: list[Added] = []
    under = False
    for branch in branches:
        if branch.added:
            found = _branch(branch, layer)
            if found.parts:
                reads = _source(made) if branch.apart else None
                made.append(found._replace(under=under, reads=reads))
                under = False
        elif any(place.block.is_norm for place in branch.places):
            if made:
                made[-1] = made[-1]._replace(on_stream=True)
            under = not made
    yield from made


def _source(made: Sequence[Added]) -> int:
    """The branch whose input one reads that reads what the layer's source gives: the first that works on channels."""
    channels = (i for i, one in enumerate(made) if any(p.block.on_channels for p in one.parts))
    return next(channels, 0)


def _branch(branch: Branch, layer: int) -> Added:
    """What mixes in a branch; norms are a part's own where it stands beside others or in series with them."""
    found, several = list[Added](), False
    for step in branch.steps:
        columns = [_column(column, layer) for column in step.columns]
        mixing = [column for column in columns if column.parts]
        if len(mixing) > 1:
            several = True
            found.append(Added(tuple(part for column in mixing for part in _own(column))))
        else:
            found += mixing or columns[:1]
    return _line(found, several)


def _own(column: Added) -> Iterator[Part]:
    """A column's parts with its norms."""
    last = len(column.parts) - 1
    for i, part in enumerate(column.parts):
        before = part.before or (column.before and i == 0)
        yield part._replace(before=before, after=part.after or (column.after and i == last))


def _line(steps: Sequence[Added], several: bool) -> Added:
    """Steps one after another as one branch."""
    parts, before, pending = list[Part](), False, False
    for step in steps:
        if not step.parts:
            pending = pending or step.before
            continue
        first, *rest = step.parts
        if parts:
            first = first._replace(before=first.before or pending or step.before)
        else:
            before = pending or step.before
        parts += [first, *rest]
        pending = step.after
    series = len(parts) > 1 and not several
    if series and before:
        parts[0], before = parts[0]._replace(before=True), False
    return Added(tuple(parts), before, pending and bool(parts), series=series)


def _column(places: Sequence[Place], layer: int) -> Added:
    """Places one after another; a norm alone is one before what follows."""
    parts, before, pending = list[Part](), False, False
    for place in places:
        part = _part(place, layer)
        if part is None:
            continue
        if part.block.is_norm:
            pending = True
        elif part.block.mixes or part.block.on_channels:
            if parts:
                part = part._replace(before=pending)
            else:
                before = pending
            parts.append(part)
            pending = False
    return Added(tuple(parts), before or (pending and not parts), pending and bool(parts))


def _part(place: Place, layer: int) -> Part | None:
    """What a layer has at a place, if anything."""
    choice = next((one for one in place.choices if layer in one.all_layers), None)
    if choice is None:
        return None
    held = next((one for one in place.variants if layer in one.layers), None)
    path, block = (choice.path, choice.block) if held is None else (held.path, held.block)
    every = ((choice.path, choice.block), *choice.others)
    others = tuple(one for one in every if one[0] != path)
    name = merged(place).commonest.name if merged(place) is not place else choice.name
    return Part(str(name), block, choice.bar, path, others)


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
    channels = [part.colour for part in parts if part.block.mixes_channels]
    first = tokens[0].bar if tokens else Bar()
    length = max(0.4, first.thickness) if first.whole else WINDOWED
    colours = tuple(dict.fromkeys(part.colour for part in tokens))[:2]
    return Cell(colours, length, channels[-1] if channels else None)
