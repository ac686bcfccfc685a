"""A head with a matrix of its own."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.concepts._undo import everywhere


def _own_head(block: Block) -> Block:
    tensors = tuple(t if t.run_before else t._replace(tied_to=None) for t in block.tensors)
    return replace(block, tensors=tensors)


without = everywhere(_own_head)
