"""Projections that read the token alone: no shares of the one before, which is then not kept."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.concepts._undo import everywhere
from llm_gallery.mechanisms.state import SHIFT


def _unshifted(block: Block) -> Block:
    tensors = tuple(tensor for tensor in block.tensors if not tensor.role.endswith(SHIFT))
    return block if len(tensors) == len(block.tensors) else replace(block, tensors=tensors)


without = everywhere(_unshifted)
