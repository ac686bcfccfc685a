"""Values without a share of the first layer's."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.concepts._undo import everywhere

_SHARES = {"value_share", "value_share_down"}


def _own_values(block: Block) -> Block:
    if not block.value("value_rank"):
        return block
    inside = tuple(part for part in block.inside if _SHARES.isdisjoint(part.roles))
    return replace(block.lacking("value_rank"), inside=inside)


without = everywhere(_own_values)
