"""A stream that branches read as it is and add to: no connections, whatever they mixed."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.concepts._undo import everywhere


def _one_stream(block: Block) -> Block:
    if block.is_stack:
        return block.lacking("residual", "streams", "saved_every")
    inside = tuple(part for part in block.inside if not _of_streams(part))
    return block if len(inside) == len(block.inside) else replace(block, inside=inside)


def _of_streams(part: Block) -> bool:
    """Whether a connection is one to the stream; ZAYA's router has one to that of the layer before."""
    return part.connects and all(tensor.role != "memory" for tensor in part.tensors)


without = everywhere(_one_stream)
