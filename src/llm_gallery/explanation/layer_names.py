"""Names of blocks in prose, and the layers that have them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from llm_gallery import mechanisms
from llm_gallery.architecture.block import Block
from llm_gallery.explanation.prose import Named
from llm_gallery.plan.one_layer import layers_of
from llm_gallery.plan.place import Choice, Place


def within(block: Block) -> str:
    """What it is called within a sentence, by itself."""
    return mechanisms.within(block)


def name_of(choice: Choice) -> str:
    """What it is called among blocks that layers have by turns."""
    block = choice.block
    if choice.name != mechanisms.title(block):
        return choice.name.spoken
    return "experts" if block.is_mixture else within(block)


def links(choices: Sequence[Choice]) -> Iterator[Named]:
    """Blocks by any of their names."""
    for choice in choices:
        names = within(choice.block), name_of(choice)
        yield from (Named(name, choice.path) for name in dict.fromkeys(names))


def places(root: Block) -> Iterator[Place]:
    """Where something in a layer mixes tokens or channels."""
    for one in layers_of(root):
        for reading in one.branches:
            yield from (place for place in reading.places if place.mixes)


def by_layer(root: Block, depth: int) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The token mixer of each layer, and its channel mixer; tables that tokens index stand apart."""
    tokens: list[list[str]] = [[] for _ in range(depth)]
    channels: list[list[str]] = [[] for _ in range(depth)]
    for place in places(root):
        for choice in place.choices:
            if choice.block.mixes:
                name, side = name_of(choice), channels if choice.block.mixes_channels else tokens
                for layer in choice.all_layers:
                    side[layer].append(name)
    return [(tuple(t), tuple(c)) for t, c in zip(tokens, channels, strict=True)]
