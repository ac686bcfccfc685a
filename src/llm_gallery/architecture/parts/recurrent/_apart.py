"""Queries, keys and values whose matrices and short convolutions are each stored by itself."""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts.attention import QUERY_KEY_VALUE
from llm_gallery.architecture.parts.basic import convolution, linear


def projected(width: int, *sizes: int) -> tuple[Block, ...]:
    """Their matrices, from the stream's width to a size each."""
    return tuple(
        linear(f"{role[0]}_proj", width, size, role=role)
        for role, size in zip(QUERY_KEY_VALUE, sizes, strict=True)
    )


def convolved(taps: int | None, *sizes: int) -> tuple[Block, ...]:
    """Their convolutions over so many tokens, none without `taps`."""
    if taps is None:
        return ()
    return tuple(
        convolution(f"{role[0]}_conv1d", int(size), taps, role=f"{role}_convolution")
        for role, size in zip(QUERY_KEY_VALUE, sizes, strict=True)
    )
