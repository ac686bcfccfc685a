"""Random weights for the tensors of a language model, each drawn when it is read first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import prod
from zlib import crc32

import numpy as np

from llm_gallery.architecture.block import Block, join, tensors, walk
from llm_gallery.mechanisms.forward._array import Array


class RandomWeights(Mapping[str, Array]):
    """Matrices that keep lengths, vectors about 1, in float64; the same numbers each time."""

    def __init__(self, root: Block) -> None:
        held = [t for t in tensors(_running(root)) if t.tied_to is None]
        self.shapes = {t.name: t.shape for t in held}
        self.whole = integers(root)
        self.read: dict[str, Array] = {}

    def __getitem__(self, name: str) -> Array:
        if name not in self.read:
            shape = self.shapes[name]
            draw = np.random.default_rng(crc32(name.encode()))
            self.read[name] = self.whole[name] if name in self.whole else _numbers(shape, draw)
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


def _numbers(shape: tuple[int, ...], draw: np.random.Generator) -> Array:
    numbers = draw.normal(size=shape)
    return np.asarray(numbers * shape[-1] ** -0.5 if len(shape) > 1 else 1 + 0.3 * numbers)


def integers(root: Block) -> Mapping[str, Array]:
    """The tensors of whole numbers by name: a table from tokens to experts, how n-grams choose rows."""
    return {
        name: array for path, block in walk(_running(root)) for name, array in _whole(block, path)
    }


def _whole(block: Block, path: str) -> Iterator[tuple[str, Array]]:
    """Those of one block: of a token's experts all different, of a table's parts all as large."""
    for tensor in block.tensors:
        name, shape = join(path, tensor.name), tensor.shape
        draw = np.random.default_rng(crc32(name.encode()))
        each = block.number("rows") // shape[0] if block.kind == "lookup_table" else 0
        match tensor.role:
            case "table":
                yield name, draw.permuted(np.tile(np.arange(shape[1]), (shape[0], 1)), axis=1)
            case "multipliers":
                yield name, 2 * draw.integers(0, 2**40, shape) + 1
            case "sizes":
                yield name, np.full(shape, each)
            case "offsets":
                yield name, each * np.arange(shape[0])


def _running(block: Block) -> Block:
    """A tree without what a checkpoint stores beside the language model."""
    inside = tuple(_running(part) for part in block.inside if not part.stands_apart)
    return replace(block, inside=inside)
