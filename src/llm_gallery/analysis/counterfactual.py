"""The same model with one concept undone, so that what the concept saves can be counted on that very model."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace

from llm_gallery.analysis import in_place, joined
from llm_gallery.analysis.additions import ADDITIONS
from llm_gallery.analysis.concepts import concepts
from llm_gallery.architecture.block import Block, distinct_layers, main_stack, mixers
from llm_gallery.mechanisms import (
    MIXING,
    attended,
    attention,
    compressed_attention,
    concepts_of,
    latent_attention,
    moe,
    norms,
)
from llm_gallery.mechanisms.attended import all_tokens, unbounded

Change = Callable[[Block], Block]


def without(root: Block, concept: str) -> Block | None:
    """The tree with the concept undone and all else kept; None where nothing says how to undo it.

    Undone are grouped and single heads (every query head gets its own), latents, windows, values of another
    width, shared keys and values, compression, the indexer's choice, heads chosen by token, maps beside the residual, tied heads,
    loops; recurrent layers become attention layers like the model's own, or of the same heads where it has none
    (`in_place.py`). What only adds something to a block, or joins blocks otherwise, is taken out again
    (`additions.py`, `joined.py`).
    """
    if kinds := _counted_against_attention(root, concept):
        beside = _attending(root, kinds)
        if beside is not None or concept not in in_place.CONCEPTS:
            return beside
    if concept in in_place.CONCEPTS:
        return in_place.attending(root, concept)
    if concept == "shared-index":
        return _indexed(root)
    if concept == "looped-depth":
        return _straight(root)
    if concept == "local-global-layers":
        return _all_global(root)
    if (change := _CHANGES.get(concept)) is not None:
        return _changed(root, change)
    if (change := _joined(concept)) is None:
        return None
    changed = _changed(root, change)
    return None if concept in concepts(changed) else changed


def _joined(concept: str) -> Change | None:
    """What is undone only where nothing of it is left: in some designs it is more than this takes out."""
    if (added := ADDITIONS.get(concept)) is not None:
        return lambda block: added.taken_from(block, concept)
    return _JOINED.get(concept)


def _changed(root: Block, change: Change) -> Block:
    """Every block changed, innermost first; one object stays one object, and what is stored apart as it is."""
    known: dict[int, Block] = {}

    def of(block: Block) -> Block:
        if block.stands_apart:
            return block
        if id(block) not in known:
            inside = tuple(map(of, block.inside))
            same = all(new is old for new, old in zip(inside, block.inside, strict=True))
            known[id(block)] = change(block if same else replace(block, inside=inside))
        return known[id(block)]

    return of(root)


def _own_keys(block: Block) -> Block:
    return block.lacking("shared_kv")


def _own_head(block: Block) -> Block:
    tensors = tuple(t if t.run_before else t._replace(tied_to=None) for t in block.tensors)
    return replace(block, tensors=tensors)


def _straight(root: Block) -> Block:
    """As many layers as a token passes, each with weights of its own."""
    stack = main_stack(root)
    if stack is None or "passes" not in stack.facts:
        return root
    flat = replace(stack.lacking("passes"), inside=stack.inside * stack.number("passes"))
    return _changed(root, lambda block: flat if block is stack else block)


def _all_global(root: Block) -> Block:
    """Every layer sees what some see already."""
    stack = main_stack(root)
    if stack is None or "local-global-layers" not in concepts_of(stack):
        return root
    return _changed(root, lambda block: unbounded("window")(unbounded("chunk")(block)))


def _without_low_rank(block: Block) -> Block:
    """A branch as it is without the map of low rank beside it."""
    inside = tuple(part for part in block.inside if "learned-residual" not in concepts_of(part))
    return replace(block, inside=inside) if len(inside) < len(block.inside) else block


def _own_values(block: Block) -> Block:
    """Values without a share of the first layer's."""
    if not block.value("value_rank"):
        return block
    shares = ("value_share", "value_share_down")
    inside = tuple(part for part in block.inside if not {*part.roles} & {*shares})
    return replace(block.lacking("value_rank"), inside=inside)


def _one_expert(block: Block) -> Block:
    """All experts run."""
    return replace(block, used=block.copies) if block.copies > 1 else block


def _counted_against_attention(root: Block, concept: str) -> set[str]:
    """The kinds of mixer that a concept is about, where attention in their place shows what it saves."""
    blocks = [block for layer in distinct_layers(root) for block in mixers(layer)]
    if concept == "hybrid":
        return {block.kind for block in blocks if block.recurs}
    return {
        block.kind
        for block in blocks
        if MIXING[block.kind].against_attention and concept == next(concepts_of(block), "")
    }


def _attending(root: Block, kinds: Collection[str]) -> Block | None:
    """Layers with such mixers attend like the model's own attention; None where it has none, or has it beside."""
    own = next(_attentions(root), None)
    if own is None or any(len(mixers(layer)) > 1 for layer in distinct_layers(root)):
        return None
    return _changed(root, lambda block: own if block.kind in kinds else block)


def _attentions(root: Block) -> Iterator[Block]:
    """The model's attention, those that see everything first."""
    blocks = [block for layer in distinct_layers(root) for block in mixers(layer)]
    blocks = [block for block in blocks if block.attends]
    yield from sorted(blocks, key=lambda block: "window" in block.facts or "chunk" in block.facts)


def _indexed(root: Block) -> Block | None:
    """Every layer that takes over a choice gets an indexer like that of the layer which made it."""
    blocks = (block for layer in distinct_layers(root) for block in mixers(layer))
    indexer = next(filter(None, (block.child("indexer") for block in blocks)), None)
    if indexer is None:
        return None

    def own(block: Block) -> Block:
        if not block.value("shared_index") or block.child("indexer") is not None:
            return block
        return replace(block.lacking("shared_index"), inside=(*block.inside, indexer))

    return _changed(root, own)


def _reading_all(concept: str) -> Change:
    """Attention that chooses in this way reads every token."""
    return lambda block: all_tokens(block) if concept in concepts_of(block) else block


_CHANGES: Mapping[str, Change] = {
    "grouped-query-attention": attention.own_heads("GQA"),
    "multi-query-attention": attention.own_heads("MQA"),
    "multi-head-latent-attention": latent_attention.unrolled,
    "sliding-window-attention": unbounded("window"),
    "chunked-attention": unbounded("chunk"),
    "shared-kv-cache": _own_keys,
    "shared-key-value": compressed_attention.two_vectors,
    "compressed-attention": compressed_attention.uncompressed,
    "sparse-attention": _reading_all("sparse-attention"),
    "block-sparse-attention": _reading_all("block-sparse-attention"),
    "tied-embeddings": _own_head,
    "unified-kv": attention.value_matrix,
    "value-width": attention.equal_values,
    "mixture-of-experts": _one_expert,
    "attention-experts": attention.same_heads,
    "learned-residual": _without_low_rank,
    "value-residual": _own_values,
}

_JOINED: Mapping[str, Change] = {
    **dict.fromkeys(
        (
            "hyper-connections",
            "gated-residual-streams",
            "attention-residuals",
            "residual-scaling",
            "alternating-updates",
        ),
        joined.one_stream,
    ),
    "learned-positions": joined.unplaced,
    "sandwich-norm": joined.unnormed_sums,
    "pre-norm": joined.norms_behind,
    "post-norm": joined.norms_before,
    "stream-norm": joined.norms_before,
    "mixed-norm": joined.norms_before,
    "layer-norm": norms.without_mean,
    "zero-centred-norm": joined.plain_weights,
    "attention-bias": attended.unbiased,
    "shared-expert": moe.unshared,
    "moe-beside-mlp": joined.experts_alone,
    "ngram-memory": joined.lacking_kinds("ngram_memory"),
    "adaptive-norm": joined.lacking_kinds("delay_scale"),
    "multi-token-prediction": joined.lacking_kinds("multi_token_prediction"),
    "vision-tower": joined.text_alone,
    "shortcut-experts": lambda block: block.lacking("shortcut"),
    "normed-head": lambda block: block.lacking("normed_head"),
    "differential-attention": joined.same_sign,
    "parallel-mixers": joined.attention_alone,
    "token-shift": joined.unshifted,
}
