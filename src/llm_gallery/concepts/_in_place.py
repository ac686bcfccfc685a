"""Attention in the place of mixers that keep a state: the model's own, or of the same heads where it has none."""

from __future__ import annotations

from collections.abc import Callable

from llm_gallery.architecture.block import Block, channel_mixer, distinct_layers, mixers
from llm_gallery.architecture.parts import NO_POSITION, Heads, attention, linear
from llm_gallery.concepts._undo import everywhere
from llm_gallery.mechanisms import MIXING, concepts_of

Such = Callable[[Block], bool]


def in_place_of(root: Block, concept: str) -> Block | None:
    """Attention where mixers stand that are this concept before all; None where none is, or nothing can take its place."""
    stack = _mixing(root)
    such = [block for block in stack if block.recurs and next(concepts_of(block), "") == concept]
    kinds = {block.kind for block in such}
    if not kinds:
        return None
    counted = any(MIXING[kind].against_attention for kind in kinds)
    attending = like_its_own(root, lambda block: block.kind in kinds) if counted else None
    return attending or of_same_heads(root, concept)


def like_its_own(root: Block, such: Such) -> Block | None:
    """Layers with such mixers attend like the model's own attention; None where it has none, or has it beside."""
    attending = [block for block in _mixing(root) if block.attends]
    attending.sort(key=lambda block: "window" in block.facts or "chunk" in block.facts)
    if not attending or any(len(mixers(layer)) > 1 for layer in distinct_layers(root)):
        return None
    return everywhere(lambda block: attending[0] if such(block) else block)(root)


def of_same_heads(root: Block, concept: str) -> Block | None:
    """Each mixer that shows the concept as attention; None where the model attends too, or where that can't be told.

    A layer without an MLP is mixer and MLP at once (Mamba): no attention alone stands in its place. Nor is any told of
    mixers that state neither keys and values nor how many channels they work on.
    """
    if any(block.attends for block in _mixing(root)):
        return None
    if not all(map(channel_mixer, distinct_layers(root))):
        return None
    width = root.number("width")
    such = [b for b in _mixing(root) if b.mixes_tokens and concept in concepts_of(b)]
    if any(None in sizes_of_heads(block) for block in such):
        return None

    def change(block: Block) -> Block:
        shows = block.mixes_tokens and concept in concepts_of(block)
        return same_heads(block, width) if shows else block

    return everywhere(change)(root)


def _mixing(root: Block) -> list[Block]:
    return [block for layer in distinct_layers(root) for block in mixers(layer)]


def sizes_of_heads(block: Block) -> tuple[int | None, int | None]:
    """How wide its keys and values are: as stated, else as wide as it is; None where neither is stated."""
    keys, values = (block.value(fact) or block.value("inner") for fact in ("key_dim", "value_dim"))
    return (
        keys if isinstance(keys, int) else None,
        values if isinstance(values, int) else None,
    )


def same_heads(block: Block, width: int) -> Block:
    """Multi-head attention with as many heads and as wide keys and values; where it has none (RWKV-4), one as wide.

    What attention keeps, stores and computes doesn't depend on into how many heads its width is cut.
    """
    heads = int(block.value("heads") or 1)
    keys, values = sizes_of_heads(block)
    assert keys is not None
    assert values is not None
    inside = (
        linear("q_proj", width, heads * keys, role="query"),
        linear("k_proj", width, heads * keys, role="key"),
        linear("v_proj", width, heads * values, role="value"),
        linear("o_proj", heads * values, width, role="output"),
    )
    wide = values if values != keys else None
    return attention(
        block.name, heads=Heads(heads, heads, keys, wide), positions=NO_POSITION, inside=inside
    )
