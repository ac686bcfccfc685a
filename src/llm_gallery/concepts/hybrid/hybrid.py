"""Attention in the layers that keep a state."""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.concepts._in_place import like_its_own


def without(root: Block) -> Block | None:
    """None where the model has no attention, or has it beside the states."""
    return like_its_own(root, lambda block: block.recurs)
