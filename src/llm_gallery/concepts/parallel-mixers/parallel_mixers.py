"""Of mixers side by side the one that attends; the others are left out."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.concepts._undo import everywhere


def _attention_alone(block: Block) -> Block:
    mixers = [part for part in block.inside if part.mixes_tokens]
    if len(mixers) < 2 or not any(part.attends for part in mixers):
        return block
    inside = tuple(part for part in block.inside if part.attends or part not in mixers)
    return replace(block, inside=inside)


without = everywhere(_attention_alone)
