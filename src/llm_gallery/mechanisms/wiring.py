"""How parts are joined: residual branches, layers, stacks, and connections to several streams."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from llm_gallery.architecture.block import (
    Block,
    branch,
    distinct,
    distinct_layers,
    mixers,
    mixing,
    walk,
)
from llm_gallery.architecture.kinds import (
    ALTERNATING,
    DEPTH_SHARES,
    GATED_STREAMS,
    HYPER,
    LEARNED_RATES,
    LEARNED_SCALES,
    OVER_DEPTH,
)
from llm_gallery.architecture.reach import reach
from llm_gallery.mechanisms._mechanism import (
    Drawn,
    Mechanism,
    Names,
    inert,
    keeps_nothing,
)
from llm_gallery.mechanisms.lane_drawing import BY_CODE
from llm_gallery.mechanisms.loops import reruns
from llm_gallery.mechanisms.shapes import IDS, on_stream, shape
from llm_gallery.mechanisms.wording import Held, Said, Words, words_for


def placement(block: Block) -> str | None:
    """ "pre", "post" or "sandwich", by where the norms of a residual branch stand; None without norms."""
    if block.kind != "residual" or block.child("per_layer_input"):
        return None
    parts = [part for part in _in_order(branch(block)) if part.kind != "message_gate"]
    norms = [*map(_normed, parts)]
    if not any(norms):
        return None
    if len(norms) > 1 and norms[0] and (norms[-1] or _normed_after(parts[-1])):
        return "sandwich"
    return "pre" if norms[0] else "post"


def _in_order(parts: Iterable[Block]) -> Iterator[Block]:
    """The parts, those of a group one by one."""
    for part in parts:
        yield from part.inside if part.kind == "group" else (part,)


def _normed(part: Block) -> bool:
    """Whether a part begins with a norm, as all of several parallel ones do."""
    if part.is_sum:
        return all(_normed(one) for one in part.inside if one.kind != "identity")
    return _first(part).is_norm


def _normed_after(part: Block) -> bool:
    """Whether what several parallel parts give is normed before it is added, as LAuReL's is in any case."""
    return part.is_sum and all(
        one.kind == "low_rank_residual" or (one.kind == "group" and one.inside[-1].is_norm)
        for one in part.inside
    )


def _first(part: Block) -> Block:
    """What a part begins with, but for a join of what it reads."""
    while part.kind == "group":
        part = next(one for one in part.inside if one.kind != "joined_embedding")
    return part


def _of_branch(block: Block) -> Iterator[str]:
    """Its norms, what multiplies it, and what of it stands side by side."""
    beginnings = [
        first for part in branch(block) if part.is_sum for first in map(_first, part.inside)
    ]
    if any(part.kind == "layer_norm" for part in (*block.inside, *beginnings)):
        yield "layer-norm"
    if placed := placement(block):
        yield f"{placed}-norm"
    if block.kind == "layer" and any(part.is_norm for part in block.inside):
        yield "stream-norm"
    if block.is_residual and _multiplied(block):
        yield "branch-multipliers"
    for added in (part for part in branch(block) if part.is_sum):
        parts = [part for _, part in walk(added)]
        if _mixes_both(parts) and sum(any(mixing(side)) for side in added.inside) > 1:
            yield "parallel-block"
        if any(part.recurs for part in parts) and any(part.attends for part in parts):
            yield "parallel-mixers"
        beside = tuple(mixing(added))
        if any(part.is_mixture for part in beside) and any(part.is_mlp for part in beside):
            yield "moe-beside-mlp"


REACHING = ("attention", "latent_attention")
"""Attention that sees every token where nothing limits it; what is compressed isn't out of reach of a window."""
SCALES = ("residual_scale", "stream_scale")
"""Constants that multiply a branch, or the stream that it is added to: what counts is one beside the other."""


def _multiplied(residual: Block) -> bool:
    """Whether a constant multiplies all that one of its mixers adds, or the stream before that is added."""
    if any(residual.settings.get(scale, 1) != 1 for scale in SCALES):
        return True
    added = (block for part in branch(residual) for block in mixing(part))
    return any(block.value("output_scale", 1) != 1 for block in added)


DOUBLY_STOCHASTIC = "doubly stochastic"
"""What the matrix is by which streams mix, where its rows and columns each sum to 1."""


class Joining(NamedTuple):
    """How branches join the stream where they don't just add: title, concept, and what is particular about it."""

    title: str
    concept: str
    told: str  # a fact may stand in it as {fact}
    field: Words = ""  # what the field calls it


JOININGS: Mapping[str, Joining] = {
    HYPER: Joining(
        "Hyper-connections",
        "hyper-connections",
        "The residual stream is *{streams} parallel streams*. Each branch reads a weighted sum of them and writes "
        "to all, with weights that *the token sets*.",
        lambda block: "mHC" if block.value("mixing") == DOUBLY_STOCHASTIC else "HC",
    ),
    GATED_STREAMS: Joining(
        "Gated streams",
        "gated-residual-streams",
        "The residual stream is *{streams} parallel streams*. A gate *per channel* sets what a branch reads, "
        "one per stream what it adds.",
    ),
    OVER_DEPTH: Joining(
        "Attention residuals",
        "attention-residuals",
        "Each branch reads a *weighted mix of earlier sums* of the residual stream, one saved every *{saved_every} layers*, "
        "not only the latest. A score for each sum sets its weight.",
        "AttnRes",
    ),
    LEARNED_SCALES: Joining(
        "Scaled residual stream",
        "residual-scaling",
        "At every sum the residual stream and the branch are *scaled and shifted* per channel by *learned parameters*.",
    ),
    DEPTH_SHARES: Joining(
        "Shares by depth",
        "residual-scaling",
        "The residual stream is the sum of the embedding and all branches so far, *divided by the root of their number*: "
        "at the *n*-th, the branch counts √(1/n), the stream √((n − 1)/n).",
    ),
    LEARNED_RATES: Joining(
        "Learned rates",
        "residual-scaling",
        "At every sum the residual stream *is interpolated* towards the branch's output, by a *learned rate* per channel. "
        "Both are normalized to length 1, so that the stream turns and doesn't grow.",
    ),
    ALTERNATING: Joining(
        "Alternating updates",
        "alternating-updates",
        "The residual stream is *{streams} parallel streams*. A layer works on the first; the others are *predicted* before it "
        "and *corrected* after it, by weights that the token sets.",
        "AltUp",
    ),
}
"""Each by what the stack states."""


def joined(stack: Block) -> Block | None:
    """A connection of a stack with what that states of the stream; None where branches just add."""
    if "residual" not in stack.facts:
        return None
    connections = (block for block in distinct(stack) if block.connects)
    first = max(connections, key=lambda block: len(block.tensors) + len(block.inside), default=None)
    return first and replace(first, facts={**first.facts, **stack.facts})


def _joining(block: Block) -> Joining | None:
    """That of a stack, or of a connection that was told what its stack states."""
    return JOININGS[str(block.value("residual"))] if "residual" in block.facts else None


def _field(block: Block) -> str:
    """What the field calls that."""
    return words_for(joining.field, block) if (joining := _joining(block)) else ""


def _joined(block: Block) -> Iterator[str]:
    """The concept of that."""
    if joining := _joining(block):
        yield joining.concept


def _of_stack(stack: Block) -> Iterator[str]:
    """How branches join the stream, and how layers differ."""
    yield from _joined(stack)
    inside = {id(layer): [part for _, part in walk(layer)] for layer in distinct_layers(stack)}
    readers = [block for layer in distinct_layers(stack) for block in mixers(layer)]
    if any(block.recurs for block in readers) and any(block.attends for block in readers):
        yield "hybrid"
    if len({placement(part) for parts in inside.values() for part in parts} - {None}) > 1:
        yield "mixed-norm"
    limited = {reach(block) is not None for block in readers if block.kind in REACHING}
    if len(limited) == 2:
        yield "local-global-layers"
    if len({block.value("rope_base") for block in readers if "rope_base" in block.facts}) > 1:
        yield "dual-rotary-base"
    if any(part.value("shortcut") for parts in inside.values() for part in parts):
        yield "shortcut-experts"
    mixed = {key: any(part.is_mixture for part in parts) for key, parts in inside.items()}
    sparse = [mixed[id(layer)] for layer in stack.inside]
    dense = any(part.is_mlp for part in inside[id(stack.inside[0])]) if stack.inside else False
    if dense and any(sparse) and sparse == sorted(sparse) and not sparse[0]:
        yield "dense-prefix"
    if stack.inside and not any(map(_mixes_both, inside.values())):
        yield "one-part-layers"


def _mixes_both(parts: list[Block]) -> bool:
    """Whether a layer mixes tokens and channels."""
    return any(part.mixes_tokens for part in parts) and any(part.mixes_channels for part in parts)


def _of_model(root: Block) -> Iterator[str]:
    if root.value("tied"):
        yield "tied-embeddings"
    if "passes" in root.facts or reruns(root):
        yield "looped-depth"
    if "logit_softcap" in root.facts:
        yield "logit-softcap"
    if root.value("normed_head"):
        yield "normed-head"
    if any(root.value(scale, 1) != 1 for scale in SCALES):
        yield "branch-multipliers"
    if "canvas" in root.facts:
        yield "bidirectional-attention"
    inside = (block for layer in distinct_layers(root) for block in distinct(layer))
    if any(block.settings.get("offset") for block in (root, *inside)):
        yield "zero-centred-norm"


def _scoring(stack: Block, _: int) -> int:
    """What scoring each sum of earlier layers takes, beside the one score that each connection states of itself.

    The branches of a layer read what was saved before it and the growing sum; what leaves the last layer
    reads all. The first branch has the embedding alone and scores it, though one share is always 1.
    Where a pass through a loop ends, what it saved is no longer read but by messages, which state that.
    """
    every = stack.value("saved_every")
    if not isinstance(every, int):
        return 0
    saved = work = last = 0
    for index, layer in enumerate(stack.inside):
        for place, branch_ in enumerate(layer.inside):
            if "pass_sums" in branch_.facts:
                saved -= branch_.number("pass_sums")
                continue
            last = _one_score(branch_)
            work += saved * last
            saved += place == 0 and index % every == 0
    return work + saved * last


def _one_score(branch_: Block) -> int:
    """What it takes to score one sum: by one learned vector, or several."""
    reads = next(part for part in branch_.inside if part.connects)
    asks = reads.child("linear")
    return 0 if asks is None else asks.number("inputs") * asks.number("outputs")


def _weighing_again(connection: Block, _: int) -> int:
    """What alternating updates take beside the products of their parts: maps are weighed before a layer and after it."""
    weighs = connection.part("modality")
    return 0 if weighs is None else weighs.number("inputs") * weighs.number("outputs")


def tells(held: Held) -> Iterator[Said]:
    """What is done with the streams, by the kind of connection that the stack states."""
    block = held[0][0]
    joining = _joining(block)
    words = joining.told if joining else "Branches read the stream and add to it."
    if block.settings.get("temperature"):
        words = (
            "At every sum a *learned gate* per channel scales the branch "
            "and the residual stream: the *squares of both sum to 1*."
        )
    if {tensor.role for tensor in block.tensors} == {"stream_scale"}:
        words = "At every sum the residual stream is *scaled* per channel by *learned parameters*; the branch is added as it is."
    yield "", re.sub(r"{(\w+)}", lambda fact: f"{block.number(fact[1]):,}", words)


def _connecting(block: Block) -> tuple[str, ...]:
    """The formula of one sum, where the stream or the branch is weighed, or there are several streams."""
    if (heat := block.settings.get("temperature")) is not None:
        return (f"_b_ = σ( _g_ / {heat:g} )", "_x_ ← √( 1 − _b_^2^ ) · _x_ + _b f_( _x_ )")
    if (unit := block.settings.get("rate_unit")) is not None:
        return (f"_a_ = | λ · {unit:.4g} |", "_x_ ← _x_ + _a_ ( _f_( _x_ ) − _x_ )")
    if "summand" in block.settings:
        return ("_x_ ← √( ( _n_ − 1 ) / _n_ ) · _x_ + √( 1 / _n_ ) · _f_( _x_ )",)
    return ("_H_ ← _A H_ + _b f_( _c_^T^ _H_ )",) if "mixing" in block.facts else ()


MECHANISMS = (
    inert("residual", Names("residual"), "norm", concepts=_of_branch, wired="added"),
    inert("sum", Names("sum"), "norm", wired="summed"),
    inert(
        "identity",
        Names("stream as it is", label="identity"),
        "norm",
        "What is read, as it is: what stands beside it is added to it.",
        wired="passed_by",
    ),
    inert(
        "layer",
        Names("layer"),
        "norm",
        "One layer of the stack.",
        _of_branch,
        shapes=on_stream(),
        wired="layer",
    ),
    Mechanism(
        kind="stack",
        wired="inside",
        names=Names("stack"),
        colour="norm",
        concepts=_of_stack,
        does="",
        kept=keeps_nothing,
        work=_scoring,
        shapes=on_stream(),
    ),
    inert(
        "group",
        Names("group", label="norms, one a head"),
        "norm",
        "Several parts under one name.",
        wired="inside",
    ),
    inert(
        "language_model",
        Names("language model"),
        "norm",
        concepts=_of_model,
        wired="inside",
        shapes=lambda block, width: (
            IDS,
            ("stream", shape(width)),
            ("out", shape(block.number("vocabulary"))),
        ),
    ),
    Drawn(
        kind="connection",
        wired="streams_read",
        names=Names(
            "connection",
            full=lambda block: joining.title if (joining := _joining(block)) else "connection",
            label="residual connection",
            field=_field,
            makers={"AttnRes": "Moonshot AI", "AltUp": "Google"},
            counted="Residual connections",
        ),
        colour="norm",
        concepts=_joined,
        does="How a branch reads the residual streams and writes back to them.",
        tells=tells,
        numbers=(),
        drawing=BY_CODE,
        kept=keeps_nothing,
        work=_weighing_again,
        formula=_connecting,
        miniature={
            **dict.fromkeys(("hc_lowrank", "hc_sinkhorn_iters"), 20),
            **dict.fromkeys(("attn_res_block_size", "n_layers_per_attn_res_block"), 2),
        },
    ),
)
