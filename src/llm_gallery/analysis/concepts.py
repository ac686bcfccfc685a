"""Concepts that a tree shows by itself: the ids by which models are filtered, compared and explained."""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import (
    Block,
    distinct,
    distinct_layers,
    layers,
    main_stack,
    mixers,
)
from llm_gallery.architecture.kinds import ATTENTION, CHANNEL_MIXERS, RECURRENT, TOKEN_MIXERS
from llm_gallery.architecture.once import once_a_tree
from llm_gallery.mechanisms import concepts_of
from llm_gallery.mechanisms.wiring import placement

_RESIDUALS = {
    "hyper-connections": "hyper-connections",
    "gated streams": "gated-residual-streams",
    "attention over depth": "attention-residuals",
    "learned scales": "residual-scaling",
}


@once_a_tree
def concepts(root: Block) -> tuple[str, ...]:
    """Ids of docs/definitions.md#concepts, sorted; each follows from the blocks alone."""
    found: set[str] = set()
    for layer in distinct_layers(root):
        for block in distinct(layer):
            found.update(concepts_of(block))
    found.update(_of_model(root))
    return tuple(sorted(found))


def of_block(block: Block) -> tuple[str, ...]:
    """Ids of the concepts that one block shows by itself, what it is before what it has."""
    return tuple(dict.fromkeys(concepts_of(block)))


def norm_placement(layer: Block) -> str | None:
    """ "pre", "post" or "sandwich", by where the norms of the layer's branches stand; None without norms."""
    places = {place for block in distinct(layer) if (place := placement(block))}
    return places.pop() if len(places) == 1 else ("mixed" if places else None)


def _of_model(root: Block) -> Iterator[str]:
    beside = {block.kind for block in root.inside}
    if any(block.kind == "per_layer_embedding" for block in distinct(root)):
        yield "per-layer-embeddings"
    if "multi_token_prediction" in beside:
        yield "multi-token-prediction"
    if "vision_tower" in beside:
        yield "vision-tower"
    if root.value("tied"):
        yield "tied-embeddings"
    if "passes" in root.facts:
        yield "looped-depth"
    stack = main_stack(root)
    if stack is not None and "residual" in stack.facts:
        yield _RESIDUALS[str(stack.value("residual"))]
    if any(b.kind == "ngram_memory" for g in root.inside if g.kind == "group" for b in g.inside):
        yield "ngram-memory"
    if any(b.value("shortcut") for layer in distinct_layers(root) for b in distinct(layer)):
        yield "shortcut-experts"
    if "logit_softcap" in root.facts:
        yield "logit-softcap"
    mixing = {block.kind for layer in distinct_layers(root) for block in mixers(layer)}
    if mixing & set(RECURRENT) and mixing & set(ATTENTION):
        yield "hybrid"
    stacked = layers(root)
    held = {id(layer): {b.kind for b in distinct(layer)} for layer in distinct_layers(root)}
    with_experts = ["moe" in held[id(layer)] for layer in stacked]
    if with_experts and not with_experts[0] and any(with_experts):
        prefix = with_experts.index(True)
        if all(with_experts[prefix:]) and "mlp" in held[id(stacked[0])]:
            yield "dense-prefix"
    if stacked and all(_single(kinds) for kinds in held.values()):
        yield "one-part-layers"


def _single(kinds: set[str]) -> bool:
    """Whether a layer with blocks of these kinds mixes either tokens or channels, never both."""
    return not (kinds & set(TOKEN_MIXERS) and kinds & set(CHANNEL_MIXERS))
