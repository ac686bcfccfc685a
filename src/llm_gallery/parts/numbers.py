"""The numbers of a part: parameters stored and run, cache and compute; parts add up to the model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from llm_gallery.analysis.compute import Costs
from llm_gallery.analysis.parameters import active, stored
from llm_gallery.architecture.block import Block
from llm_gallery.architecture.reach import reach
from llm_gallery.mechanisms import MECHANISMS
from llm_gallery.mechanisms.bits import bytes_of

POSITIONS = (4_096, 32_768, 131_072, 1_048_576)
"""Places in a text at which a part's compute is told."""


class Counts(NamedTuple):
    """What a part counts for in one layer of a token's way, all its copies there together."""

    stored: int
    active: int
    flops: tuple[int, ...]  # at each of POSITIONS
    growing: tuple[tuple[int, int], ...]  # bytes a token in a 16-bit cache, and the window or 0
    state: int  # bytes at any length


@dataclass(frozen=True, slots=True)
class Around:
    """What stands round a part: how many of the blocks about it are stored, how many run, and how often."""

    copies: int = 1
    used: int = 1
    passes: int = 1
    kept: bool = True  # whether what it keeps isn't counted in a block around it
    apart: bool = False  # whether it stands beside the language model

    def inside(self, block: Block) -> Around:
        """The same for the parts of a block that stands so."""
        apart = self.apart or block.stands_apart
        return Around(
            self.copies * block.copies,
            self.used * block.used,
            self.passes * _passes(block),
            self.kept and not apart and not MECHANISMS[block.kind].kept(block).whole,
            apart,
        )


def _passes(block: Block) -> int:
    """How often a token runs through it."""
    return block.number("passes") if block.is_stack and "passes" in block.facts else 1


@dataclass(frozen=True, slots=True)
class Counter:
    """Counts of a model's blocks, each distinct one worked out once."""

    _costs: tuple[Costs, ...] = field(default_factory=lambda: tuple(map(Costs, POSITIONS)))
    _kept: dict[int, tuple[tuple[tuple[int, int], ...], int]] = field(default_factory=dict)

    def of(self, block: Block, around: Around) -> Counts:
        """What a block counts for where it stands; beside the model it stores, and counts for nothing else."""
        if around.apart or block.stands_apart:
            return Counts(around.copies * stored(block), 0, (0,) * len(POSITIONS), (), 0)
        growing, state = self.cached(block) if around.kept else ((), 0)
        return Counts(
            around.copies * stored(block),
            around.used * active(block),
            tuple(around.used * around.passes * costs.flops(block) for costs in self._costs),
            tuple((around.passes * size, window) for size, window in growing),
            around.passes * state,
        )

    def cached(self, block: Block) -> tuple[tuple[tuple[int, int], ...], int]:
        """What a block keeps with all that is inside: bytes a token, each up to a window; bytes of states."""
        if id(block) not in self._kept:
            own = MECHANISMS[block.kind].kept(block)
            sizes: dict[int, int] = {}
            if own.growing and own.row:
                sizes[reach(block) or 0] = bytes_of(own.growing, "bf16")
            state = sum(bytes_of(elements, dtype) for elements, dtype in own.states)
            for part in () if own.whole else block.inside:
                if part.stands_apart:
                    continue
                growing, fixed = self.cached(part)
                state += fixed
                for size, window in growing:
                    sizes[window] = sizes.get(window, 0) + size
            passes = _passes(block)
            growing = tuple((size * passes, window) for window, size in sizes.items())
            self._kept[id(block)] = growing, state * passes
        return self._kept[id(block)]
