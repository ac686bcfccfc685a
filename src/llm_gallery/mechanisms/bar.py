"""The second channel within a colour: a layer's bar is as thick as what it keeps, as long as how far it reads, broken where it chooses, hollow where it borrows.

Its end is slanted where it knows no positions and its like in other layers do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.reach import reach

Borrowed = Literal["nothing", "entries", "choice", "all"]
"""What of the past a layer takes over from an earlier one: its entries, which of its own it reads, or whatever it reads."""
ENTRIES = frozenset({"shared_kv", "shared_stream"})
"""Facts of a layer that makes no entries of its own."""


class Bar(NamedTuple):
    """What a layer's bar says of a block, beside its colour."""

    entry: int = 1  # tokens that share an entry of what is kept
    whole: bool = True  # whether it reads from the whole past, not from a window or a chunk
    chooses: bool = False  # whether it reads what is chosen, not all in its reach
    borrowed: Borrowed = "nothing"
    unplaced: bool = False  # whether it knows no positions where its like in other layers do

    @property
    def thickness(self) -> float:
        """Share of the cell: the fourth root of what is kept, so that 128 : 1 is still seen."""
        return float(max(0.25, self.entry**-0.25))

    def hollow(self, piece: int, pieces: int) -> bool:
        """Whether so many a piece is borrowed, from the far end: what chooses is the one at the stream, entries the others."""
        if self.borrowed in ("nothing", "all"):
            return self.borrowed == "all"
        return (piece == pieces - 1) == (self.borrowed == "choice")


def bars_of(blocks: Sequence[Block]) -> tuple[Bar, ...]:
    """The bars of mixers that stand in one model: attention without positions is told from attention with them."""
    differ = len({block.value("position") for block in blocks if block.attends}) > 1
    return tuple(
        bar_of(block)._replace(
            unplaced=differ and block.attends and block.value("position") == "none"
        )
        for block in blocks
    )


def bar_of(block: Block) -> Bar:
    """The bar of a mixer. Experts that a table names are borrowed, not scored."""
    if block.on_channels:
        return Bar(borrowed="all" if block.value("hashed") else "nothing")
    compressed = "ratio" in block.facts
    return Bar(
        entry=max(1, block.number("ratio")) if compressed else 1,
        whole=compressed or reach(block) is None,
        chooses="selected" in block.facts,
        borrowed=_borrowed(block),
    )


def _borrowed(block: Block) -> Borrowed:
    facts = block.facts.keys()
    if block.reads_beside or "shared_memory" in facts:
        return "all"
    choice = "shared_index" in facts
    if facts.isdisjoint(ENTRIES):
        return "choice" if choice else "nothing"
    return "entries" if "selected" in facts and not choice else "all"
