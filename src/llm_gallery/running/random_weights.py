"""Random weights for the tensors of a language model, each drawn when it is read first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms.forward._array import Array
from llm_gallery.running import draws, given


class RandomWeights(Mapping[str, Array]):
    """Matrices that keep lengths, vectors about 1, in float64; the same numbers each time."""

    def __init__(self, root: Block) -> None:
        self.shapes = {tensor.name: tensor.shape for tensor in given.stored(root)}
        self.whole = integers(root)
        self.read: dict[str, Array] = {}

    def __getitem__(self, name: str) -> Array:
        if name not in self.read:
            drawn = self.whole.get(name)
            self.read[name] = draws.numbers(name, self.shapes[name]) if drawn is None else drawn
        return self.read[name]

    def __contains__(self, name: object) -> bool:
        return name in self.shapes

    def __iter__(self) -> Iterator[str]:
        return iter(self.shapes)

    def __len__(self) -> int:
        return len(self.shapes)

    @property
    def elements(self) -> int:
        """Numbers of all tensors, read or not."""
        return sum(map(prod, self.shapes.values()))


def integers(root: Block) -> Mapping[str, Array]:
    """The tensors of whole numbers by name: a table from tokens to experts, how n-grams choose rows."""
    return {name: draws.whole(name, *one) for name, one in given.integers(root).items()}
