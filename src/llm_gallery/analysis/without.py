"""The same model with one concept undone, so that what the concept saves can be counted on that very model."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace

from llm_gallery.architecture.block import Block, distinct, distinct_layers, main_stack, mixers
from llm_gallery.architecture.fact import Fact, Value
from llm_gallery.architecture.kinds import APART, ATTENTION, RECURRENT
from llm_gallery.mechanisms import MIXING, concepts_of
from llm_gallery.mechanisms.attention import sharing

Change = Callable[[Block], Block]


def without(root: Block, concept: str) -> Block | None:
    """The tree with the concept undone and all else kept; None where nothing says how to undo it.

    Undone are grouped and single heads (every query head gets its own), latents, windows, shared keys and
    values, compression, the indexer's choice, tied heads, loops; recurrent layers become attention layers
    like the model's own.
    """
    if kinds := _counted_against_attention(root, concept):
        return _attending(root, kinds)
    if concept == "shared-index":
        return _indexed(root)
    change = _CHANGES.get(concept)
    return None if change is None else _changed(root, change)


def _changed(root: Block, change: Change) -> Block:
    """Every block changed, innermost first; one object stays one object, and what is stored apart as it is."""
    known: dict[int, Block] = {}

    def of(block: Block) -> Block:
        if block.kind in APART:
            return block
        if id(block) not in known:
            inside = tuple(map(of, block.inside))
            same = all(new is old for new, old in zip(inside, block.inside, strict=True))
            known[id(block)] = change(block if same else replace(block, inside=inside))
        return known[id(block)]

    return of(root)


def _with(block: Block, **values: Value) -> Block:
    facts = {
        name: Fact(value, "derived", "counted for comparison") for name, value in values.items()
    }
    return replace(block, facts={**block.facts, **facts})


def _less(block: Block, *names: str) -> Block:
    return replace(block, facts={name: f for name, f in block.facts.items() if name not in names})


def _own_heads(shared: str) -> Change:
    """Every query head with a key and a value, where they were shared in this way."""

    def change(block: Block) -> Block:
        if block.kind != "attention" or sharing(block) != shared or "shared_kv" in block.facts:
            return block
        return _with(block, kv_heads=block.number("heads"))

    return change


def _unrolled(block: Block) -> Block:
    """Latent attention as attention whose heads each keep their key and value."""
    if block.kind != "latent_attention":
        return block
    heads, key = block.number("heads"), block.number("nope_dim") + block.number("rope_dim")
    return replace(_with(block, kv_heads=heads, head_dim=key), kind="attention")


def _unbounded(limit: str) -> Change:
    """Attention to all earlier tokens, but for what compressed attention leaves to its other entries."""
    return lambda block: _less(block, limit) if block.kind in ATTENTION[:2] else block


def _own_keys(block: Block) -> Block:
    return _less(block, "shared_kv")


def _two_vectors(block: Block) -> Block:
    """A key and a value where one vector was both; the indexer's keys stay as they are."""
    if block.kind != "compressed_attention":
        return block
    inside = tuple(
        _with(part, head_dim=2 * part.number("head_dim")) if part.kind == "compressor" else part
        for part in block.inside
    )
    return replace(_with(block, head_dim=2 * block.number("head_dim")), inside=inside)


def _uncompressed(block: Block) -> Block:
    """Every token kept in full, and all of them attended to."""
    if block.kind != "compressed_attention" or "ratio" not in block.facts:
        return block
    inside = tuple(part for part in block.inside if part.kind not in ("compressor", "indexer"))
    return replace(_less(block, "window", "ratio", "selected"), inside=inside)


def _all_tokens(block: Block) -> Block:
    """Attention to every token, so no indexer is needed."""
    if block.kind not in ATTENTION[:2] or "selected" not in block.facts:
        return block
    inside = tuple(part for part in block.inside if part.kind != "indexer")
    return replace(_less(block, "selected", "shared_index"), inside=inside)


def _own_head(block: Block) -> Block:
    tensors = tuple(replace(tensor, tied_to=None) for tensor in block.tensors)
    return replace(block, tensors=tensors)


def _value_matrix(block: Block) -> Block:
    """A projection for the values, as large as the one for the keys."""
    keys = block.part("key")
    if "unified_kv" not in block.facts or keys is None:
        return block
    return replace(block, inside=(*block.inside, replace(keys, roles=("value",))))


def _straight(block: Block) -> Block:
    """As many layers as a token passes, each with weights of its own."""
    if block.kind != "stack" or "passes" not in block.facts:
        return block
    return replace(_less(block, "passes"), inside=block.inside * block.number("passes"))


def _one_expert(block: Block) -> Block:
    """All experts run."""
    return replace(block, used=block.copies) if block.copies > 1 else block


def _counted_against_attention(root: Block, concept: str) -> set[str]:
    """The kinds of mixer that a concept is about, where attention in their place shows what it saves."""
    found = {block.kind: block for layer in distinct_layers(root) for block in mixers(layer)}
    if concept == "hybrid":
        return found.keys() & RECURRENT
    return {
        kind
        for kind, block in found.items()
        if MIXING[kind].against_attention and concept in concepts_of(block)
    }


def _attending(root: Block, kinds: Collection[str]) -> Block | None:
    """Layers with such mixers attend like the model's own attention; None where it has none, or has it beside."""
    attention = next(_attentions(root), None)
    if attention is None or any(len(mixers(layer)) > 1 for layer in distinct_layers(root)):
        return None
    return _changed(root, lambda block: attention if block.kind in kinds else block)


def _attentions(root: Block) -> Iterator[Block]:
    """The model's attention, those that see everything first."""
    found = [block for layer in distinct_layers(root) for block in mixers(layer)]
    found = [block for block in found if block.kind in ATTENTION]
    yield from sorted(found, key=lambda block: "window" in block.facts or "chunk" in block.facts)


def _indexed(root: Block) -> Block | None:
    """Every layer that takes over a choice gets an indexer like that of the layer which made it."""
    stack = main_stack(root)
    found = (b for b in distinct(root) if b.kind == "indexer") if stack is not None else iter(())
    indexer = next(found, None)
    if indexer is None:
        return None

    def own(block: Block) -> Block:
        if not block.value("shared_index") or block.child("indexer") is not None:
            return block
        return replace(_less(block, "shared_index"), inside=(*block.inside, indexer))

    return _changed(root, own)


_CHANGES: Mapping[str, Change] = {
    "grouped-query-attention": _own_heads("GQA"),
    "multi-query-attention": _own_heads("MQA"),
    "multi-head-latent-attention": _unrolled,
    "sliding-window-attention": _unbounded("window"),
    "chunked-attention": _unbounded("chunk"),
    "shared-kv-cache": _own_keys,
    "shared-key-value": _two_vectors,
    "compressed-attention": _uncompressed,
    "sparse-attention": _all_tokens,
    "tied-embeddings": _own_head,
    "unified-kv": _value_matrix,
    "looped-depth": _straight,
    "mixture-of-experts": _one_expert,
}
