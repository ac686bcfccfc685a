"""The blocks of a model that keep something of a sequence, as an engine goes through them.

Definitions: docs/definitions.md#cache-and-state
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from llm_gallery.analysis.memory import depth_passes
from llm_gallery.architecture.block import (
    Block,
    distinct_layers,
    layers,
    main_stack,
    model_parts,
)
from llm_gallery.architecture.once import once_a_tree
from llm_gallery.mechanisms import MECHANISMS


class Keeper(NamedTuple):
    """A mixer with what it keeps, in so many layers of a token's way."""

    block: Block
    beside: tuple[Block, ...]  # parts with states of their own: short convolutions, token shifts
    layers: int


@once_a_tree
def keepers(root: Block) -> tuple[Keeper, ...]:
    """Every mixer that keeps something, the main stack's before those of other parts that a text runs through."""
    stack = main_stack(root)
    counts = Counter(map(id, layers(root)))
    passes = depth_passes(root)
    found = [(layer, counts[id(layer)] * passes) for layer in distinct_layers(root)]
    found += [
        (block, passes)
        for _, block in model_parts(root)
        if block is not stack and block.is_run
    ]
    return tuple(
        Keeper(block, tuple(beside), times)
        for part, times in found
        for block, beside in _rows(part)
    )


def _rows(part: Block) -> list[tuple[Block, list[Block]]]:
    rows: list[tuple[Block, list[Block]]] = []
    left = _visit(part, rows)
    rows = [
        (block, beside)
        for block, beside in rows
        if beside or MECHANISMS[block.kind].kept(block)[:2] != (0, ())
    ]
    if left and not rows:
        return [(part, left)]
    if left:
        rows[0][1].extend(left)
    return rows


def _visit(block: Block, rows: list[tuple[Block, list[Block]]]) -> list[Block]:
    """Appends a block's rows, its own before those inside; gives parts that belong to the row around it."""
    kept = MECHANISMS[block.kind].kept(block)
    beside: list[Block] = []
    if kept.row:
        rows.append((block, beside))
    elif kept.states:
        beside.append(block)
    if not kept.whole:
        beside += [left for part in block.inside for left in _visit(part, rows)]
    return [] if kept.row else beside
