"""A branch as it is without the map of low rank beside it."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.concepts._undo import everywhere
from llm_gallery.mechanisms import concepts_of


def _plain(block: Block) -> Block:
    inside = tuple(part for part in block.inside if "learned-residual" not in concepts_of(part))
    return replace(block, inside=inside) if len(inside) < len(block.inside) else block


without = everywhere(_plain)
