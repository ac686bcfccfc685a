"""Norms that multiply by their weights, not by one more."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.concepts._undo import everywhere


def _plain_weights(block: Block) -> Block:
    if not block.settings.get("offset"):
        return block
    return replace(block, settings={**block.settings, "offset": 0.0})


without = everywhere(_plain_weights)
