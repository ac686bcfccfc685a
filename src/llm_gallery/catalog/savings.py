"""The saving of a concept on a model that has it: its counts, and the same with the concept undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from llm_gallery.analysis.compute import flops_per_token
from llm_gallery.analysis.counterfactual import without
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Block, distinct_layers, layers, mixers, walk
from llm_gallery.architecture.reach import reach
from llm_gallery.catalog.concept import concepts
from llm_gallery.mechanisms import MIXING, concepts_of
from llm_gallery.mechanisms.moe import used

LONG = 131_072


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted, and in which words."""

    title: str
    undone: str  # heads the column of the model without the concept
    of: Callable[[Block], int]
    unit: Literal["bytes", "parameters", "flop"]
    how: Callable[[Block], str] = lambda root: ""  # what the model has, in a few words


def saved(concept: str, root: Block) -> tuple[int, int] | None:
    """The number without the concept and as it is; None where it saves nothing that is counted here."""
    counted = measure(concept)
    undone = None if counted is None else without(root, concept)
    if counted is None or undone is None:
        return None
    before, after = counted.of(undone), counted.of(root)
    return (before, after) if before > after else None


def measure(concept: str) -> Measure | None:
    """What is measured for a concept; None where it saves nothing that is counted here."""
    if concept in _MEASURES:
        return _MEASURES[concept]
    drawn = MIXING.get(concepts()[concept].drawn)
    if drawn is None or not drawn.against_attention:
        return None
    return _otherwise(lambda block: MIXING[block.kind] is drawn)


def _per_token(root: Block) -> int:
    return cache(root).bytes_per_token


def _at_long(root: Block) -> int:
    return cache(root).at(LONG)


def _stored(root: Block) -> int:
    return parameters(root).total


def _run(root: Block) -> int:
    return parameters(root).active


def _work(root: Block) -> int:
    return flops_per_token(root, LONG)


def _first(concept: str, words: Callable[[Block], str]) -> Callable[[Block], str]:
    """Words on the first block that shows the concept."""

    def of(root: Block) -> str:
        blocks = (block for layer in distinct_layers(root) for _, block in walk(layer))
        return words(next(block for block in blocks if concept in concepts_of(block)))

    return of


def _heads(block: Block) -> str:
    return f"{block.number('kv_heads')} instead of {block.number('heads')} heads"


def _latent(block: Block) -> str:
    return f"a latent of {block.number('kv_rank')}" + (
        f" + {block.number('rope_dim')}" if block.number("rope_dim") else ""
    )


def _widths(block: Block) -> str:
    return f"keys of {block.number('head_dim')}, values of {block.number('value_dim')}"


def _limited(root: Block) -> str:
    """Layers whose attention is limited, and to how many tokens."""
    stack = layers(root)
    lengths_seen = [
        min(reaches)
        for layer in stack
        if (reaches := [n for b in mixers(layer) if (n := reach(b))])
    ]
    lengths = " or ".join(f"{length:,}" for length in sorted(set(lengths_seen)))
    return f"{len(lengths_seen)} of {len(stack)} layers, {lengths} tokens"


def _mixed_by(such: Callable[[Block], bool]) -> Callable[[Block], str]:
    """Layers that mix tokens by such a block."""

    def words(root: Block) -> str:
        stack = layers(root)
        having = sum(any(map(such, mixers(layer))) for layer in stack)
        return f"{having} of {len(stack)} layers"

    return words


def _experts(block: Block) -> str:
    return f"{used(block)} of {block.number('experts'):,}"


def _cached(undone: str, how: Callable[[Block], str] = lambda root: "") -> Measure:
    return Measure("Cache per token, bf16", undone, _per_token, "bytes", how)


def _cached_long(undone: str, how: Callable[[Block], str] = lambda root: "") -> Measure:
    return Measure("Cache and state of 131,072 tokens, bf16", undone, _at_long, "bytes", how)


def _otherwise(such: Callable[[Block], bool]) -> Measure:
    return _cached_long("If those layers attended", _mixed_by(such))


_MEASURES: Mapping[str, Measure] = {
    **{
        name: _cached("If every query head kept its own", _first(name, _heads))
        for name in ("grouped-query-attention", "multi-query-attention")
    },
    "multi-head-latent-attention": _cached(
        "If every head’s key and value were kept", _first("multi-head-latent-attention", _latent)
    ),
    "shared-kv-cache": _cached("If every layer kept its own"),
    "shared-key-value": _cached_long("With a key and a value"),
    "sliding-window-attention": _cached_long("If no layer had a window", _limited),
    "chunked-attention": _cached_long("If no layer had chunks", _limited),
    "local-global-layers": _cached_long("If every layer saw everything", _limited),
    "value-width": _cached("If values were as wide as keys", _first("value-width", _widths)),
    "compressed-attention": _cached_long("If every token were kept"),
    "hybrid": _otherwise(lambda block: block.recurs),
    "tied-embeddings": Measure(
        "Parameters stored", "With a head of its own", _stored, "parameters"
    ),
    "unified-kv": Measure("Parameters stored", "With a matrix for values", _stored, "parameters"),
    "looped-depth": Measure("Parameters stored", "If each pass had its own", _stored, "parameters"),
    "mixture-of-experts": Measure(
        "Active parameters",
        "If all experts ran",
        _run,
        "parameters",
        _first("mixture-of-experts", _experts),
    ),
    **dict.fromkeys(
        ("sparse-attention", "block-sparse-attention"),
        Measure("Compute for the token at 131,072", "If it attended to all", _work, "flop"),
    ),
    "shared-index": Measure(
        "Compute for the token at 131,072", "With an indexer in each layer", _work, "flop"
    ),
}
