"""The norm of a branch behind it, where it stands before."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.concepts._undo import everywhere
from llm_gallery.mechanisms.wiring import placement


def _norms_behind(block: Block) -> Block:
    if placement(block) != "pre" or not block.inside[0].is_norm:
        return block
    return replace(block, inside=(*block.inside[1:], block.inside[0]))


without = everywhere(_norms_behind)
