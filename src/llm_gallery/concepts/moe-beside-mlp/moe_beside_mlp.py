"""Experts without the MLP beside them."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block, mixing
from llm_gallery.concepts._undo import everywhere


def _experts_alone(block: Block) -> Block:
    if not block.is_sum or not any(part.is_mixture for part in mixing(block)):
        return block
    inside = (p for p in block.inside if not all(mixer.is_mlp for mixer in mixing(p)))
    return replace(block, inside=tuple(inside))


without = everywhere(_experts_alone)
