"""How far attention sees: a window or a chunk that holds the whole context leaves nothing out."""

from __future__ import annotations

from dataclasses import replace
from operator import is_

from llm_gallery.architecture.block import Block, distinct
from llm_gallery.architecture.once import once_a_tree

LIMITS = ("window", "chunk")


def opened(block: Block, context: int | None, done: dict[int, Block] | None = None) -> Block:
    """The tree without windows and chunks that no token of the context could see the edge of.

    Equal layers stay one object.
    """
    if context is None:
        return block
    done = {} if done is None else done
    if id(block) not in done:
        facts = block.facts
        if block.attends and not block.reads_entries:
            endless = [name for name in LIMITS if name in facts and block.number(name) >= context]
            facts = {name: fact for name, fact in facts.items() if name not in endless}
        inside = tuple(opened(part, context, done) for part in block.inside)
        same = len(facts) == len(block.facts) and all(map(is_, inside, block.inside))
        done[id(block)] = block if same else replace(block, facts=facts, inside=inside)
    return done[id(block)]


def reach(block: Block) -> int | None:
    """How many tokens attention sees at most, itself included; None where it sees everything."""
    limits = [block.number(name) for name in LIMITS if name in block.facts]
    return min(limits) if limits else None


@once_a_tree
def reads_whole(root: Block) -> bool:
    """Whether a text is read whole at each step, since every token sees those after it: nothing can be kept."""
    return any("bidirectional" in block.facts for block in distinct(root))
