"""What a concept saves on the very models that use it: the model as it is, beside itself with the concept undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from llm_gallery.analysis.compute import flops_per_token
from llm_gallery.analysis.counterfactual import without
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.analysis.units import binary
from llm_gallery.architecture.block import Block, distinct_layers, layers, mixers, walk
from llm_gallery.architecture.reach import reach
from llm_gallery.catalog.concept import concepts
from llm_gallery.mechanisms import MIXING, concepts_of
from llm_gallery.site.exhibit import Exhibit
from llm_gallery.site.short_forms import count, flop, share

LONG = 131_072


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted, and in which words."""

    title: str
    undone: str  # heads the column of the model without the concept
    of: Callable[[Block], int]
    words: Callable[[int], str]
    how: Callable[[Block], str] = lambda root: ""  # what the model has, in a few words


@dataclass(frozen=True, slots=True)
class Saving:
    """One model: what it would take without the concept, and what it takes."""

    model: Exhibit
    undone: int
    actual: int
    undone_words: str
    actual_words: str
    how: str

    @property
    def factor(self) -> str:
        """How much smaller it is: "8 ×", or "0.2%" where that is little."""
        if self.actual == 0:
            return "all"
        ratio = self.undone / self.actual
        return f"{ratio:.3g} ×" if ratio >= 1.1 else share(self.undone - self.actual, self.undone)


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


def measure(concept: str) -> Measure | None:
    """What is measured for a concept; None where it saves nothing that is counted here."""
    if concept in _MEASURES:
        return _MEASURES[concept]
    drawn = MIXING.get(concepts()[concept].drawn)
    if drawn is None or not drawn.against_attention:
        return None
    return _otherwise(lambda block: MIXING[block.kind] is drawn)


def savings(concept: str, models: Sequence[Exhibit]) -> tuple[Saving, ...]:
    """Every model on which it saves something, in the order given."""
    counted = measure(concept)
    if counted is None:
        return ()
    saved = []
    for model in models:
        undone = without(model.root, concept)
        if undone is None:
            continue
        before, after = counted.of(undone), counted.of(model.root)
        if before > after:
            words = (counted.words(before), counted.words(after))
            saved.append(Saving(model, before, after, *words, counted.how(model.root)))
    return tuple(saved)


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
    shared = block.value("shared")
    return f"{block.number('used')}{f' + {shared}' if shared else ''} of {block.number('experts')}"


def _cached(undone: str, how: Callable[[Block], str] = lambda root: "") -> Measure:
    return Measure("Cache per token, bf16", undone, _per_token, binary, how)


def _cached_long(undone: str, how: Callable[[Block], str] = lambda root: "") -> Measure:
    return Measure("Cache and state of 131,072 tokens, bf16", undone, _at_long, binary, how)


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
    "tied-embeddings": Measure("Parameters stored", "With a head of its own", _stored, count),
    "unified-kv": Measure("Parameters stored", "With a matrix for values", _stored, count),
    "looped-depth": Measure("Parameters stored", "If each pass had its own", _stored, count),
    "mixture-of-experts": Measure(
        "Active parameters",
        "If all experts ran",
        _run,
        count,
        _first("mixture-of-experts", _experts),
    ),
    "sparse-attention": Measure(
        "Compute for the token at 131,072", "If it attended to all", _work, flop
    ),
    "shared-index": Measure(
        "Compute for the token at 131,072", "With an indexer in each layer", _work, flop
    ),
}
