"""Concepts that a fact shows by itself, whichever mixer of tokens states it."""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms.attended import position_concepts

OF_ATTENTION = {
    "window": "sliding-window-attention",
    "chunk": "chunked-attention",
    "sinks": "attention-sinks",
    "gate": "gated-attention",
    "softcap": "attention-softcap",
    "temperature_tuning": "attention-temperature",
    "learned_temperature": "attention-temperature",
    "shared_kv": "shared-kv-cache",
    "unified_kv": "unified-kv",
    "convolved": "convolved-attention",
    "selected": "sparse-attention",
    "shared_index": "shared-index",
    "sparse_from": "block-sparse-attention",
    "sparse_stride": "block-sparse-attention",
    "bidirectional": "bidirectional-attention",
    "given_both_ways": "bidirectional-attention",
    "head_experts": "attention-experts",
    "value_experts": "value-experts",
    "noise_heads": "differential-attention",
    "bias": "attention-bias",
}
"""By the fact; a state's gate and biases are its own and say nothing of attention."""
OF_ANY = {
    "qk_norm": "qk-norm",
    "query_norm": "qk-norm",
    "negative_eigenvalues": "negative-eigenvalues",
}
WIDTHS = (("nope_dim", "rope_dim"), ("key_dim",), ("head_dim",))
"""Facts that together are the width of a head's key, the first that a mixer has."""


def of_facts(block: Block) -> Iterator[str]:
    """Ids of the concepts, each once; none where it mixes no tokens of the text."""
    if block.attends:
        yield from dict.fromkeys(_stated(block, OF_ATTENTION))
    if not (block.attends or block.recurs):
        return
    # A state without rotation knows the order all the same: only attention can be without positions.
    if block.attends or block.value("position") == "rope":
        yield from position_concepts(block)
    yield from dict.fromkeys(_stated(block, OF_ANY))
    indexer = block.child("indexer")
    if indexer is not None and "block_size" in indexer.facts:
        yield "block-sparse-attention"
    if block.value("rotated") not in (None, block.value("head_dim")):
        yield "partial-rope"
    if "value_dim" in block.facts and block.value("value_dim") != _key(block):
        yield "value-width"


def _stated(block: Block, among: dict[str, str]) -> Iterator[str]:
    return (concept for fact, concept in among.items() if block.value(fact) not in (None, False))


def _key(block: Block) -> int:
    """Numbers of a head's key."""
    facts = next((names for names in WIDTHS if block.facts.keys() >= {*names}), ())
    return sum(map(block.number, facts))
