"""Which blocks run the same code: what they are made of as a number, worked out once for each block."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from llm_gallery.architecture.block import Block

SIZES = {"inputs", "outputs", "width", "inner", "channels"}
"""Facts of a part that its arrays say too: parts that differ in them alone run the same code."""
FEWER = ("shared_kv", "shared_index", "unified_kv")
"""Facts of a mixer that makes do with fewer parts than others of its kind."""


class Build(NamedTuple):
    """A block's numbers."""

    block: Block
    built: int
    whole: int
    exact: int


@dataclass(slots=True)
class Builds:
    """The builds of a model's blocks; two have the same number where what they compare by is the same."""

    numbers: dict[str, int] = field(default_factory=dict)
    known: dict[int, Build] = field(default_factory=dict)  # by the block's identity

    def built(self, block: Block) -> int:
        """What mixers have in common that run the same code: arrays, parts, and all that these state.

        An array of which a fact says whether it is there, as of sinks, is only read where it is.
        """
        return self._of(block).built

    def whole(self, block: Block) -> int:
        """A block with all that it states but sizes."""
        return self._of(block).whole

    def exact(self, block: Block) -> int:
        """A block with all that it states and stores: of two that are alike in it one is as good as the other."""
        return self._of(block).exact

    def fullest(self, block: Block, blocks: Iterable[Block]) -> Block:
        """The mixer whose code runs one that makes do with fewer parts; itself where it has all."""
        if not any(block.value(word) for word in FEWER):
            return block
        held = {*map(self.whole, block.inside)}
        others = (
            other
            for other in blocks
            if other.kind == block.kind and held < {*map(self.whole, other.inside)}
        )
        return next(others, block)

    def _of(self, block: Block) -> Build:
        if id(block) not in self.known:
            own = [(one.name, one.role) for one in block.tensors if one.role not in block.facts]
            built = self._number(block.kind, own, [*map(self.whole, block.inside)])
            facts = sorted((k, v.value) for k, v in block.facts.items() if k not in SIZES)
            stored = (block.name, block.roles, block.copies, block.stacked)
            whole = self._number(built, stored, facts, sorted(block.settings.items()))
            sizes = sorted((k, v.value) for k, v in block.facts.items() if k in SIZES)
            arrays = [*map(tuple, block.tensors)]
            run = (block.used, block.table, block.read)
            exact = self._number(whole, sizes, arrays, run, [*map(self.exact, block.inside)])
            self.known[id(block)] = Build(block, built, whole, exact)
        return self.known[id(block)]

    def _number(self, *parts: Any) -> int:
        """The number of what is written so."""
        return self.numbers.setdefault(repr(parts), len(self.numbers))
