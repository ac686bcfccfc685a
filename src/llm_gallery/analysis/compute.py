"""Compute of one token's forward pass: two operations a multiply-add, at a position in the context.

Definitions: docs/definitions.md#compute-per-token
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms import MECHANISMS


def flops_per_token(root: Block, position: int) -> int:
    """Operations for the token at `position` (1 is the first): every matrix that runs, and the mixing."""
    costs = _Costs(position)
    return 2 * sum(costs.block(part) for part in root.inside if not part.stands_apart)


class _Costs:
    """Multiply-adds at one position, each distinct block computed once."""

    def __init__(self, position: int) -> None:
        self.position = position
        self.known: dict[int, int] = {}

    def block(self, block: Block) -> int:
        if id(block) not in self.known:
            own = MECHANISMS[block.kind].work(block, self.position)
            inside = sum(self.block(part) for part in block.inside)
            passes = block.number("passes") if "passes" in block.facts else 1
            self.known[id(block)] = (own + inside) * passes
        return self.known[id(block)] * block.used
