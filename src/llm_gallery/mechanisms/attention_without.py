"""Attention as it would be without one of its ideas: shared heads, values of another width, a router of heads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms.attended import counted
from llm_gallery.mechanisms.attention_told import sharing


def own_heads(shared: str) -> Callable[[Block], Block]:
    """Every query head with a key and a value, where they were shared in this way."""

    def change(block: Block) -> Block:
        if block.kind != "attention" or sharing(block) != shared or "shared_kv" in block.facts:
            return block
        return counted(block, kv_heads=block.number("heads"))

    return change


def equal_values(block: Block) -> Block:
    """Values as wide as keys, counted for what is kept; the projections stay as they are."""
    narrow = block.kind == "attention" and "value_dim" in block.facts
    return block.lacking("value_dim") if narrow else block


def value_matrix(block: Block) -> Block:
    """A projection for the values, as large as the one for the keys, where one was both."""
    keys = block.part("key")
    if "unified_kv" not in block.facts or keys is None:
        return block
    return replace(block, inside=(*block.inside, replace(keys, roles=("value",))))


def same_heads(block: Block) -> Block:
    """As many queries as a token asks with, the same for every token: no router, and no experts beside those."""
    if "head_experts" not in block.facts:
        return block
    inside = (part for part in block.inside if part.kind != "router")
    kept = tuple(replace(part, copies=part.used) if part.stacked else part for part in inside)
    return replace(block.lacking("head_experts"), inside=kept)
