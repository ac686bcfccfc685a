"""The traits of a whole model: sizes, wiring, norms, and what stands beside its stack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from llm_gallery.analysis.concepts import norm_placement
from llm_gallery.architecture.block import (
    Architecture,
    Block,
    channel_mixers,
    main_stack,
    model_parts,
    walk,
)
from llm_gallery.architecture.kinds import kinds
from llm_gallery.architecture.reach import reads_whole
from llm_gallery.comparison.block_facts import UNKNOWN, Value, facts, nested
from llm_gallery.mechanisms import compared_as
from llm_gallery.mechanisms.activation import mlp_words
from llm_gallery.mechanisms.facts import terms


def traits(architecture: Architecture, stacked: Sequence[Block]) -> dict[str, Value]:
    root = architecture.root
    values: dict[str, Value] = {"layers": len(stacked)}
    values.update(facts(replace(root, inside=())))
    stack = main_stack(root)
    passed = False  # the stack
    for _, block in model_parts(root):
        if block is stack:
            passed = True
            values.update(facts(replace(block, inside=())))
        elif block.is_norm:
            values["final_norm" if passed else "embedding_norm"] = compared_as(block)
        elif block.stands_apart and block.kind in terms():
            before = values.get(block.kind, 0)
            values[block.kind] = 1 + (before if isinstance(before, int) else 0)
        elif block.kind in terms():
            values.update(nested(block))
    distinct = list({id(layer): layer for layer in stacked}.values())
    values.pop("configured_context", None)  # compared is the published one where there is one
    values["wiring"] = _shared_value(map(_wiring, distinct))
    values["activation"] = _shared_value(
        mlp_words(c) for layer in distinct for c in _channel_mlps(layer)
    )
    placed = _shared_value(p for layer in distinct if (p := _norm_placement(layer)))
    values["norm_placement"] = "mixed" if isinstance(placed, tuple) else placed
    values["norm"] = _shared_value(
        compared_as(n) for layer in distinct for n in _layer_norms(layer)
    )
    values |= {b.kind: True for layer in distinct for _, b in walk(layer) if b.looks_up}
    values.update(_flows(architecture))
    if reads_whole(root):
        values["canvas"] = "whole text"
    for kind in kinds("is another modality"):
        if kind in terms() and kind not in values:
            has = architecture.has(kind)
            values[kind] = UNKNOWN if has is None else int(has) or None
    return {name: value for name, value in values.items() if value is not None}


SAID_BY_FACTS = ("chosen tokens", "input of the experts", "keys and values", "memory", "weights")
"""Flows that a fact of the mixer states too."""


def _flows(architecture: Architecture) -> Iterator[tuple[str, Value]]:
    """How often something flows outside the tree, by what flows; modules beside the model imply theirs."""
    apart = tuple(block.name for block in architecture.root.inside if block.stands_apart)
    counts: dict[str, int] = {}
    for link in architecture.links:
        if not link.target.startswith(apart) and link.flow not in SAID_BY_FACTS:
            counts[link.flow] = counts.get(link.flow, 0) + 1
    for flow, count in counts.items():
        yield f"flow.{flow}", count


def _layer_norms(block: Block) -> Iterator[Block]:
    """Norms on the stream, not those inside a mixer."""
    if block.is_norm:
        yield block
    elif block.joins:
        for part in block.inside:
            yield from _layer_norms(part)


def _norm_placement(layer: Block) -> str | None:
    """Where the norms of a layer's branches stand; "sum" where the stream itself is normed."""
    place = norm_placement(layer)
    if place is None and any(part.is_norm for part in layer.inside):
        return "sum"
    return place


def _wiring(layer: Block) -> str:
    """What each branch of a layer holds: "t, c" one after the other, "t + c" side by side, "one" alone.

    Experts beside a dense MLP are one channel mixer: which layers hold both, the parts say, as they
    say which layers of one part mix tokens. Two MLPs side by side are one kind of part, so "c + c" says it.
    """
    branches = ", ".join(filter(None, (_branch(part) for part in layer.inside)))
    return "one" if branches in ("t", "c") else branches


def _branch(block: Block) -> str:
    if block.mixes_tokens:
        return "t"
    if block.mixes_channels:
        return "c"
    inner = [words for part in block.inside if (words := _branch(part))]
    if (
        block.is_sum
        and set(inner) == {"c"}
        and len({one.kind for one in channel_mixers(block)}) > 1
    ):
        return "c"
    return (" + " if block.is_sum else " then ").join(inner)


def _shared_value(values: Iterable[str]) -> Value:
    """The value that all share, else all of them in order."""
    distinct = tuple(dict.fromkeys(values))
    if not distinct:
        return None
    return distinct[0] if len(distinct) == 1 else distinct


def _channel_mlps(layer: Block) -> Iterator[Block]:
    """The MLPs of a layer: its own, or its experts."""
    for block in channel_mixers(layer):
        yield from (part for _, part in walk(block) if part.is_mlp)
