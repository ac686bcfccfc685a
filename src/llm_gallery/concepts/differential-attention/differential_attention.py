"""Heads that only add: none is subtracted from others."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.concepts._undo import everywhere
from llm_gallery.mechanisms.attended import counted


def _same_sign(block: Block) -> Block:
    if "noise_heads" not in block.facts:
        return block
    heads, noise = block.number("heads"), block.number("noise_heads")
    inside = tuple(
        _of_heads(part, heads - noise, heads) if part.roles == ("query",) else part
        for part in block.inside
        if part.roles != ("noise_share",)
    )
    return counted(replace(block.lacking("noise_heads"), inside=inside), heads=heads - noise)


def _of_heads(matrix: Block, some: int, heads: int) -> Block:
    """A matrix with the rows of some heads."""
    tensors = tuple(
        tensor._replace(shape=(tensor.shape[0] * some // heads, *tensor.shape[1:]))
        for tensor in matrix.tensors
    )
    outputs = matrix.number("outputs") * some // heads
    return counted(replace(matrix, tensors=tensors), outputs=outputs)


without = everywhere(_same_sign)
