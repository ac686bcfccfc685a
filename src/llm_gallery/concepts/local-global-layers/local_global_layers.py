"""Every layer sees what some see already."""

from __future__ import annotations

from llm_gallery.architecture.block import Block, main_stack
from llm_gallery.concepts._undo import everywhere
from llm_gallery.mechanisms import concepts_of
from llm_gallery.mechanisms.attended import unbounded


def without(root: Block) -> Block:
    """All attention unbounded, where layers differ in how far they see; else the tree as it is."""
    stack = main_stack(root)
    if stack is None or "local-global-layers" not in concepts_of(stack):
        return root
    return everywhere(lambda block: unbounded("window")(unbounded("chunk")(block)))(root)
