"""The part of a number that a dial changes, apart from a rest that would hide the change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import prod
from typing import NamedTuple

from llm_gallery.analysis.memory import depth_passes, kept_in
from llm_gallery.architecture.block import (
    Block,
    children,
    layers,
    mixers,
    stored_shape,
)
from llm_gallery.lessons.counted import Numbers
from llm_gallery.mechanisms import MECHANISMS


class Part(NamedTuple):
    """What one copy of a part has of a number, and how many copies there are: experts alike are told once."""

    each: int
    copies: int = 1

    @property
    def amount(self) -> int:
        """What all of them have."""
        return self.each * self.copies


Parts = Mapping[str, Part]
"""A number by what it is counted of."""
SEEN = 0.1
"""Of a number: what moves less from the model's own value to an end of the dial isn't seen."""


def memory_parts(model: Numbers, tokens: int) -> Parts:
    """Bytes after so many tokens, of each row of each layer."""
    passes = depth_passes(model.root)
    parts = {
        f"{at} {number}": Part(passes * row.bytes_at(tokens))
        for at, layer in enumerate(layers(model.root))
        for number, row in enumerate(kept_in(layer))
    }
    return _whole(parts, model.kept(tokens))


def stored(model: Numbers) -> Parts:
    """Parameters, of each tensor."""
    parts = {
        tensor.full_name(at): Part(prod(stored_shape(holder, tensor)), copies)
        for path, part in children(model.root.name, model.root)
        if not part.stands_apart
        for at, holder, copies in _holders(part, path, 1)
        for tensor in holder.tensors
        if tensor.tied_to is None
    }
    return _whole(parts, model.total)


def _holders(block: Block, path: str, copies: int) -> Iterator[tuple[str, Block, int]]:
    """Every block of a tree with its path and how many copies of it are stored one by one."""
    if not block.stacked:
        copies *= block.copies
    yield path, block, copies
    for below, part in children(path, block):
        yield from _holders(part, below, copies)


def mixing(model: Numbers, tokens: int) -> Parts:
    """Operations, of each layer's mixing of tokens; all others are the rest."""
    return _whole(
        {f"{at}": Part(_mixing(layer, tokens)) for at, layer in enumerate(layers(model.root))},
        model.flops(tokens),
    )


def _mixing(layer: Block, tokens: int) -> int:
    return 2 * sum(MECHANISMS[mixer.kind].work(mixer, tokens) for mixer in mixers(layer))


def _whole(parts: Parts, whole: int) -> Parts:
    """The parts, and what is in none of them."""
    return {**parts, "rest": Part(whole - sum(part.amount for part in parts.values()))}


def moving(places: Sequence[Parts]) -> Mapping[str, range]:
    """The copies of each part that differ between places, by their numbers."""
    by_name = {}
    for name in {name: None for place in places for name in place}:
        parts = [place.get(name, Part(0, 0)) for place in places]
        counts = [part.copies for part in parts]
        alike = len({part.each for part in parts if part.copies}) == 1
        if differing := range(min(counts) if alike else 0, max(counts)):
            by_name[name] = differing
    return by_name


def share(parts: Parts, moving: Mapping[str, range]) -> int:
    """What these copies have of the whole."""
    return sum(
        part.each * len(range(part.copies)[moving[name].start : moving[name].stop])
        for name, part in parts.items()
        if name in moving
    )


def hides(rows: Sequence[Sequence[int]], at: int) -> bool:
    """Whether rounding hides every change on one side of the model's own place."""
    moves = any(len({*column}) > 1 for column in zip(*rows, strict=True))
    sides = [side for side in (rows[:at], rows[at + 1 :]) if side]
    return moves and any(not any(_seen(rows[at], row) for row in side) for side in sides)


def _seen(amounts: Sequence[int], other: Sequence[int]) -> bool:
    return any(abs(a - b) >= SEEN * max(a, b, 1) for a, b in zip(amounts, other, strict=True))


Apart = Callable[[Numbers], Parts]
"""How a number is taken apart."""
