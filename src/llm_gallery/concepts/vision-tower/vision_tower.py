"""The text alone: no part that reads images, and none that fits it to the stream where nothing else needs it."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.concepts._undo import everywhere


def _text_alone(block: Block) -> Block:
    hears = any(part.hears for part in block.inside)
    left = tuple(p for p in block.inside if not (p.sees if hears else p.other_modality))
    return block if len(left) == len(block.inside) else replace(block, inside=left)


without = everywhere(_text_alone)
