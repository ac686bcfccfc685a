"""Compute of one token's forward pass: two operations a multiply-add, at a position in the context.

Definitions: docs/definitions.md#compute-per-token
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms import MECHANISMS


def flops_per_token(root: Block, position: int) -> int:
    """Operations for the token at `position` (1 is the first): every matrix that runs, and the mixing."""
    costs = Costs(position)
    return 2 * sum(costs.of(part) for part in root.inside if not part.stands_apart)


class Costs:
    """Multiply-adds at one position, each distinct block computed once: ask about one tree."""

    def __init__(self, position: int) -> None:
        self.position = position
        self.known: dict[int, int] = {}

    def flops(self, block: Block) -> int:
        """Operations of one block with all that is inside."""
        return 2 * self.of(block)

    def of(self, block: Block) -> int:
        """Multiply-adds of one block with all that is inside."""
        cost = self.known.get(id(block))
        if cost is None:
            cost = MECHANISMS[block.kind].work(block, self.position)
            for part in block.inside:
                cost += 0 if part.stands_apart else self.of(part)
            if block.is_stack and "passes" in block.facts:
                cost *= block.number("passes")
            self.known[id(block)] = cost
        return cost * block.used
