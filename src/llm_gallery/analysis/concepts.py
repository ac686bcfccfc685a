"""Concepts that a tree shows by itself: the ids by which models are filtered, compared and explained."""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.analysis.mechanisms import sharing
from llm_gallery.architecture.block import (
    ATTENTION,
    CHANNEL_MIXERS,
    RECURRENT,
    TOKEN_MIXERS,
    Block,
    branch,
    distinct_layers,
    layers,
    main_stack,
    mixers,
    walk,
)
from llm_gallery.architecture.once import once_a_tree
from llm_gallery.mechanisms.activation import mlp_concept

_SHARING = {
    "MHA": "multi-head-attention",
    "GQA": "grouped-query-attention",
    "MQA": "multi-query-attention",
}
_RECURRENT = {
    "gated_deltanet": "gated-deltanet",
    "kimi_delta_attention": "kimi-delta-attention",
    "lightning_attention": "lightning-attention",
    "mamba": "mamba",
    "mamba2": "mamba-2",
    "mlstm": "mlstm",
    "rwkv": "rwkv",
    "short_convolution": "short-convolution",
}
_RESIDUALS = {
    "hyper-connections": "hyper-connections",
    "gated streams": "gated-residual-streams",
    "attention over depth": "attention-residuals",
    "learned scales": "residual-scaling",
}
_POSITIONS = {
    "none": "nope",
    "learned": "learned-positions",
    "alibi": "alibi",
    "rope": "rope",
    "relative": "relative-positions",
}


@once_a_tree
def concepts(root: Block) -> tuple[str, ...]:
    """Ids of docs/definitions.md#concepts, sorted; each follows from the blocks alone."""
    found: set[str] = set()
    for layer in distinct_layers(root):
        for _, block in walk(layer):
            found.update(_of_block(block))
    found.update(_of_model(root))
    return tuple(sorted(found))


def of_block(block: Block) -> tuple[str, ...]:
    """Ids of the concepts that one block shows by itself, what it is before what it has."""
    return tuple(dict.fromkeys(_of_block(block)))


def norm_placement(layer: Block) -> str | None:
    """ "pre", "post" or "sandwich", by where the norms of the layer's branches stand; None without norms."""
    places = {place for _, block in walk(layer) if (place := _place(block))}
    return places.pop() if len(places) == 1 else ("mixed" if places else None)


def _place(block: Block) -> str | None:
    if block.kind != "residual":
        return None
    if block.child("per_layer_input"):
        return None
    norms = [_normed(part) for part in branch(block)]
    if not any(norms):
        return None
    if norms[0] and norms[-1]:
        return "sandwich"
    return "pre" if norms[0] else "post"


def _normed(part: Block) -> bool:
    """Whether a part begins with a norm, as all of several parallel ones do."""
    if part.kind == "sum":
        return all(map(_normed, part.inside))
    first = part.inside[0] if part.kind == "group" else part
    return first.kind in ("rms_norm", "layer_norm")


def _of_block(block: Block) -> Iterator[str]:
    if block.kind == "attention":
        yield from _of_attention(block)
    elif block.kind == "latent_attention":
        yield "multi-head-latent-attention"
        if "window" in block.facts:
            yield "sliding-window-attention"
        if "sinks" in block.facts:
            yield "attention-sinks"
        if "noise_heads" in block.facts:
            yield "differential-attention"
        yield from _of_position(block)
        if "gate" in block.facts:
            yield "gated-attention"
        if "selected" in block.facts:
            yield "sparse-attention"
        if "shared_index" in block.facts:
            yield "shared-index"
    elif block.kind == "compressed_attention":
        yield from (
            "sliding-window-attention",
            "shared-key-value",
            "attention-sinks",
            "partial-rope",
        )
        yield from _of_position(block)
        if "ratio" in block.facts:
            yield "compressed-attention"
        if "selected" in block.facts:
            yield "sparse-attention"
        if "shared_index" in block.facts:
            yield "shared-index"
    elif block.kind in _RECURRENT:
        yield _RECURRENT[block.kind]
        if block.kind == "rwkv":
            yield "token-shift"
    elif block.kind == "ngram_memory":
        yield "ngram-memory"
    elif block.kind == "moe":
        yield from _of_mixture(block)
    elif block.kind in ("mlp", "receptance_mlp"):
        if (named := mlp_concept(block)) is not None:
            yield named
    elif block.kind in ("layer", "residual") and any(p.kind == "layer_norm" for p in block.inside):
        yield "layer-norm"
    if place := _place(block):
        yield f"{place}-norm"


def _of_attention(block: Block) -> Iterator[str]:
    yield _SHARING[sharing(block)]
    yield from _of_position(block)
    present = {
        "window": "sliding-window-attention",
        "chunk": "chunked-attention",
        "sinks": "attention-sinks",
        "qk_norm": "qk-norm",
        "gate": "gated-attention",
        "softcap": "attention-softcap",
        "temperature_tuning": "attention-temperature",
        "shared_kv": "shared-kv-cache",
        "unified_kv": "unified-kv",
        "convolved": "convolved-attention",
        "selected": "sparse-attention",
    }
    yield from (concept for name, concept in present.items() if name in block.facts)
    if block.value("bias"):
        yield "attention-bias"
    rotated = block.value("rotated")
    if rotated is not None and rotated != block.value("head_dim"):
        yield "partial-rope"


def _of_position(block: Block) -> Iterator[str]:
    yield _POSITIONS[str(block.value("position"))]
    if "rope_scaling" in block.facts:
        yield f"{block.value('rope_scaling')}-rope-scaling"


def _of_mixture(block: Block) -> Iterator[str]:
    yield "mixture-of-experts"
    yield f"{block.value('scoring')}-routing"
    if block.value("shared"):
        yield "shared-expert"
    if (block.value("groups") or 1) != 1:
        yield "group-limited-routing"
    if "latent" in block.facts:
        yield "latent-experts"
    if block.value("hashed"):
        yield "hash-routing"
    if block.value("identity_experts"):
        yield "identity-experts"
    if "correction" in block.facts:
        yield "bias-balanced-routing"


def _of_model(root: Block) -> Iterator[str]:
    kinds = {block.kind for block in root.inside}
    if any(block.kind == "per_layer_embedding" for _, block in walk(root)):
        yield "per-layer-embeddings"
    if "multi_token_prediction" in kinds:
        yield "multi-token-prediction"
    if "vision_tower" in kinds:
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
    if any(b.value("shortcut") for layer in distinct_layers(root) for _, b in walk(layer)):
        yield "shortcut-experts"
    if "logit_softcap" in root.facts:
        yield "logit-softcap"
    kinds_of_layer = distinct_layers(root)
    mixing = {block.kind for layer in kinds_of_layer for block in mixers(layer)}
    if mixing & set(RECURRENT) and mixing & set(ATTENTION):
        yield "hybrid"
    stacked = layers(root)
    has_experts = {id(layer): _has(layer, "moe") for layer in kinds_of_layer}
    with_experts = [has_experts[id(layer)] for layer in stacked]
    if with_experts and not with_experts[0] and any(with_experts):
        prefix = with_experts.index(True)
        if all(with_experts[prefix:]) and _has(stacked[0], "mlp"):
            yield "dense-prefix"
    if stacked and all(_single(layer) for layer in kinds_of_layer):
        yield "one-part-layers"


def _has(layer: Block, kind: str) -> bool:
    return any(block.kind == kind for _, block in walk(layer))


def _single(layer: Block) -> bool:
    """Whether a layer mixes either tokens or channels, never both."""
    kinds = {block.kind for _, block in walk(layer)}
    return not (kinds & set(TOKEN_MIXERS) and kinds & set(CHANNEL_MIXERS))
