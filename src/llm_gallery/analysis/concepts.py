"""Concepts that a tree shows by itself: the ids by which models are filtered, compared and explained."""

from __future__ import annotations

from llm_gallery.architecture.block import Block, distinct, distinct_layers, model_parts
from llm_gallery.architecture.once import once_a_tree
from llm_gallery.mechanisms import concepts_of
from llm_gallery.mechanisms.wiring import placement


@once_a_tree
def concepts(root: Block) -> tuple[str, ...]:
    """Ids of docs/concepts.md, sorted; each follows from the blocks alone.

    Of what stands apart, that it is there.
    """
    layers = distinct_layers(root)
    blocks = [root, *(part for _, part in model_parts(root))]
    blocks += [block for layer in layers for block in distinct(layer)]
    return tuple(sorted({concept for block in blocks for concept in concepts_of(block)}))


def norm_placement(layer: Block) -> str | None:
    """ "pre", "post" or "sandwich", by where the norms of the layer's branches stand; None without norms."""
    places = {place for block in distinct(layer) if (place := placement(block))}
    return places.pop() if len(places) == 1 else ("mixed" if places else None)
