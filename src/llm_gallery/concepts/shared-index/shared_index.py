"""Every layer that takes over a choice gets an indexer like that of the layer which made it."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block, distinct_layers, mixers
from llm_gallery.concepts._undo import everywhere
from llm_gallery.mechanisms.indexer import indexer_of


def without(root: Block) -> Block | None:
    """None where no layer has an indexer."""
    blocks = (block for layer in distinct_layers(root) for block in mixers(layer))
    indexer = next(filter(None, (indexer_of(block) for block in blocks)), None)
    if indexer is None:
        return None

    def choosing(block: Block) -> Block:
        if not block.value("shared_index") or indexer_of(block) is not None:
            return block
        return replace(block.lacking("shared_index"), inside=(*block.inside, indexer))

    return everywhere(choosing)(root)
