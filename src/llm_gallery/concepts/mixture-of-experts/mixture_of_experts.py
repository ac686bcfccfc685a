"""All experts run for every token."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.concepts._undo import everywhere


def _all_run(block: Block) -> Block:
    return replace(block, used=block.copies) if block.copies > 1 else block


without = everywhere(_all_run)
