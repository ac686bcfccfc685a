"""The norms of a layer before its branches, where they stand behind them or on the stream."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.concepts._undo import everywhere
from llm_gallery.mechanisms import concepts_of
from llm_gallery.mechanisms.wiring import placement


def _norms_before(block: Block) -> Block:
    if placement(block) == "post" and block.inside[-1].is_norm:
        return replace(block, inside=(block.inside[-1], *block.inside[:-1]))
    if "stream-norm" in concepts_of(block):
        return replace(block, inside=tuple(_led(block.inside)))
    return block


def _led(parts: tuple[Block, ...]) -> Iterator[Block]:
    """Each branch with the norm that stood behind it on the stream in front."""
    for part, behind in zip(parts, (*parts[1:], None), strict=True):
        if part.is_norm:
            continue
        normed = behind is not None and behind.is_norm
        yield replace(part, inside=(behind, *part.inside)) if behind and normed else part


without = everywhere(_norms_before)
