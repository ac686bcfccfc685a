"""The traits of a whole model: sizes, wiring, norms, and what stands beside its stack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from llm_gallery.analysis.concepts import norm_placement
from llm_gallery.architecture.block import Architecture, Block, mixing, walk
from llm_gallery.architecture.kinds import APART, CHANNEL_MIXERS, NORMS, TOKEN_MIXERS
from llm_gallery.comparison.facts import Value, facts, nested
from llm_gallery.mechanisms.activation import mlp_words


def traits(architecture: Architecture, stacked: Sequence[Block]) -> dict[str, Value]:
    root = architecture.root
    held: dict[str, Value] = {"layers": len(stacked)}
    held.update(facts(Block("root", facts=root.facts)))
    for block in _outside_layers(root):
        if block.kind in ("embedding", "position_embedding", "head", "group", "language_model"):
            continue
        if block.kind in NORMS:
            held["final_norm"] = _norm(block)
        elif block.kind in IMPLIED:
            continue
        elif block.kind in APART:
            before = held.get(block.kind, 0)
            held[block.kind] = 1 + (before if isinstance(before, int) else 0)
        elif block.kind == "stack":
            held.update(facts(Block("stack", facts=block.facts)))
        elif block.kind not in ("linear", "tensors"):
            held.update(nested(block))
    distinct = list({id(layer): layer for layer in stacked}.values())
    held.pop(
        "configured_context", None
    )  # one context is compared: the published one where there is one
    held["wiring"] = _one(map(_wiring, distinct))
    held["activation"] = _one(mlp_words(c) for layer in distinct for c in _channel_mlps(layer))
    held["norm_placement"] = _one(p for layer in distinct if (p := _placement(layer)))
    held["norm"] = _one(_norm(n) for layer in distinct for n in _layer_norms(layer))
    if any(block.kind == "ngram_memory" for layer in distinct for _, block in walk(layer)):
        held["ngram_memory"] = True
    held.update(_flows(architecture))
    return {name: value for name, value in held.items() if value is not None}


SAID_BY_FACTS = ("chosen tokens", "input of the experts", "keys and values")
"""Flows that a fact of the mixer states too."""
IMPLIED = ("projector", "connection", "per_layer_input")
"""Blocks that come with another: a tower, a residual stream of several, an embedding for each layer."""


def _flows(architecture: Architecture) -> Iterator[tuple[str, Value]]:
    """How often something flows outside the tree, by what flows; modules beside the model imply theirs."""
    apart = tuple(block.name for block in architecture.root.inside if block.kind in APART)
    counts: dict[str, int] = {}
    for link in architecture.links:
        if not link.target.startswith(apart) and link.flow not in SAID_BY_FACTS:
            counts[link.flow] = counts.get(link.flow, 0) + 1
    for flow, count in counts.items():
        yield f"flow.{flow}", count


def _outside_layers(block: Block) -> Iterator[Block]:
    """The blocks of a model down to the stack and what stands beside it, without their insides."""
    yield block
    if block.kind in ("language_model", "group"):
        for part in block.inside:
            yield from _outside_layers(part)


def _norm(block: Block) -> str:
    if block.kind == "rms_norm":
        return "RMSNorm" if block.tensors else "RMSNorm without weights"
    if not block.tensors:
        return "LayerNorm without weights"
    return "LayerNorm" if block.value("bias") is not False else "LayerNorm without bias"


def _layer_norms(block: Block) -> Iterator[Block]:
    """Norms on the stream, not those inside a mixer."""
    if block.kind in NORMS:
        yield block
    elif block.kind in ("layer", "residual", "sum", "group"):
        for part in block.inside:
            yield from _layer_norms(part)


def _placement(layer: Block) -> str | None:
    """Where the norms of a layer's branches stand; "sum" where the stream itself is normed."""
    found = norm_placement(layer)
    if found is None and any(part.kind in NORMS for part in layer.inside):
        return "sum"
    return found


def _wiring(layer: Block) -> str:
    """What each branch of a layer holds: "t, c" one after the other, "t + c" side by side, "one" alone.

    Experts beside a dense MLP are one channel mixer: which layers hold both, the parts say, as they
    say which layers of one part mix tokens.
    """
    held = ", ".join(filter(None, (_branch(part) for part in layer.inside)))
    return "one" if held in ("t", "c") else held


def _branch(block: Block) -> str:
    if block.kind in TOKEN_MIXERS:
        return "t"
    if block.kind in CHANNEL_MIXERS:
        return "c"
    inner = [words for part in block.inside if (words := _branch(part))]
    if block.kind == "sum" and set(inner) == {"c"}:
        return "c"
    return (" + " if block.kind == "sum" else " then ").join(inner)


def _one(values: Iterable[str]) -> Value:
    """The value that all share, else all of them in order."""
    found = tuple(dict.fromkeys(values))
    if not found:
        return None
    return found[0] if len(found) == 1 else found


def _channel_mlps(layer: Block) -> Iterator[Block]:
    """The MLPs of a layer: its own, or its experts."""
    for block in mixing(layer):
        if block.kind in CHANNEL_MIXERS:
            yield from (part for _, part in walk(block) if part.kind == "mlp")
