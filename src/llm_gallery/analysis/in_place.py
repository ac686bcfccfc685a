"""Attention in the place of a model's only mixers: of the same heads, keys and values, so that nothing is made up."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block, channel_mixer, distinct_layers, mixers
from llm_gallery.architecture.parts import NO_POSITION, Heads, attention, linear
from llm_gallery.mechanisms import concepts_of

CONCEPTS = ("gated-linear-attention", "matrix-rwkv", "mlstm", "rwkv", "rwkv-7")
"""Mixers of models that never attend, which have an MLP beside them."""


def attending(root: Block, concept: str) -> Block | None:
    """Each mixer that shows the concept as attention; None where the model attends too, or a layer has no MLP beside.

    A layer without one is mixer and MLP at once (Mamba): no attention alone stands in its place.
    """
    layers = distinct_layers(root)
    blocks = [block for layer in layers for block in mixers(layer)]
    if any(block.attends for block in blocks) or not all(map(channel_mixer, layers)):
        return None
    known: dict[int, Block] = {}

    def of(block: Block) -> Block:
        if block.stands_apart:
            return block
        if id(block) not in known:
            if block.mixes_tokens and concept in concepts_of(block):
                known[id(block)] = same_heads(block, root.number("width"))
            else:
                known[id(block)] = replace(block, inside=tuple(map(of, block.inside)))
        return known[id(block)]

    return of(root)


def same_heads(block: Block, width: int) -> Block:
    """Multi-head attention with as many heads and as wide keys and values; where it has none (RWKV-4), one as wide.

    What attention keeps, stores and computes doesn't depend on into how many heads its width is cut.
    """
    heads = int(block.value("heads") or 1)
    keys, values = (
        int(block.value(fact) or block.number("inner")) for fact in ("key_dim", "value_dim")
    )
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
