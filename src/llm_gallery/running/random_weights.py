"""Random weights for the tensors of a language model, each drawn when it is read first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import prod
from zlib import crc32

import numpy as np

from llm_gallery.architecture.block import Block, tensors
from llm_gallery.mechanisms.forward._array import Array


class RandomWeights(Mapping[str, Array]):
    """Matrices that keep lengths, vectors about 1, in float64; the same numbers each time."""

    def __init__(self, root: Block) -> None:
        held = [t for t in tensors(_running(root)) if t.tied_to is None]
        self.shapes = {t.name: t.shape for t in held}
        self.tables = {t.name for t in held if t.role == "table"}
        self.read: dict[str, Array] = {}

    def __getitem__(self, name: str) -> Array:
        if name not in self.read:
            shape = self.shapes[name]
            draw = np.random.default_rng(crc32(name.encode()))
            self.read[name] = (
                _each_its_own(shape, draw) if name in self.tables else _numbers(shape, draw)
            )
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


def _each_its_own(shape: tuple[int, ...], draw: np.random.Generator) -> Array:
    """A table from tokens to experts, those of a token all different."""
    return np.asarray(draw.permuted(np.tile(np.arange(shape[1]), (shape[0], 1)), axis=1))


def _running(block: Block) -> Block:
    """A tree without what a checkpoint stores beside the language model."""
    inside = tuple(_running(part) for part in block.inside if not part.stands_apart)
    return replace(block, inside=inside)
