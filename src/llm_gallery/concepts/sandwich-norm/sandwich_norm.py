"""What a branch gives is added as it is: only the norm before it stays."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block, mixing
from llm_gallery.concepts._undo import everywhere
from llm_gallery.mechanisms.wiring import placement


def _normed_before(block: Block) -> Block:
    if placement(block) != "sandwich":
        return block
    first = next(at for at, part in enumerate(block.inside) if any(mixing(part)))
    before, after = block.inside[: first + 1], block.inside[first + 1 :]
    return replace(block, inside=(*before, *(part for part in after if not part.is_norm)))


without = everywhere(_normed_before)
