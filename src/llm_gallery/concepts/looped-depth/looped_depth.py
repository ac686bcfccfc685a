"""As many layers as a token passes, each with weights of its own."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block, main_stack
from llm_gallery.concepts._undo import everywhere


def without(root: Block) -> Block:
    """The stack as often as it runs; a tree whose stack runs once stays as it is."""
    stack = main_stack(root)
    if stack is None or "passes" not in stack.facts:
        return root
    flat = replace(stack.lacking("passes"), inside=stack.inside * stack.number("passes"))
    return everywhere(lambda block: flat if block is stack else block)(root)
