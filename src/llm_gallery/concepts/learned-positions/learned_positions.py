"""No row for each place, and attention that asks for none."""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.concepts._undo import everywhere, lacking
from llm_gallery.mechanisms.attended import counted


def _unplaced(block: Block) -> Block:
    if block.attends and block.value("position") == "learned":
        return counted(block, position="none")
    return lacking(block, "position_embedding")


without = everywhere(_unplaced)
