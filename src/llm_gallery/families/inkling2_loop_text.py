"""Inkling 2, looped: Inkling 2 whose middle layers run several times from the same stream, each pass with messages of the last.

A stack holds all passes: those after the first have its weights, and gates of their own that mix the
messages into what queries, keys, values and experts are made of.

A loop that doesn't fall on whole sums is refused, as in the reference, and so is a single pass.

Reference: transformers/models/inkling2_loop/modular_inkling2_loop.py
Model: https://huggingface.co/thinkingmachines/Inkling-2-Mini
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Any, NamedTuple

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    layer,
    loop_messages,
    message_gate,
    message_gates,
    run_again,
    stored_at,
)
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families import inkling2_text as whole
from llm_gallery.families._config import Json, Size, at_most, config, defaults, multiple
from llm_gallery.families._inkling import short_convolution
from llm_gallery.families._values import Bounds
from llm_gallery.families.llama import norm

Again = Annotated[int, Bounds(2, 64)]
"""Passes through the loop: with one, gates and queries would be stored that nothing reads."""
BODY = "model.llm"


@config("")
class Stated:
    """The release's words for the loop, each of which counts more than the reference's."""

    core_start: Size | None = None
    core_end: Size | None = None
    num_passes: Again | None = None
    gate_rank: Size | None = None


@config("inkling2_loop_text")
class Inkling2LoopText(whole.Inkling2Text):
    loop_config: Stated | None = None  # read by the reference, and no field of its class
    loop_layer_index_start: Size
    loop_layer_index_end: Size
    loop_num_passes: Again
    loop_gate_rank: Size


class Loop(NamedTuple):
    """Which layers run several times, how often, and the rank of their gates."""

    start: int
    end: int
    passes: int
    rank: int


def inkling2_loop_text(c: Inkling2LoopText) -> Block:
    at = loop(c)
    return whole.of_layers(c, [*all_passes(c, at)], loop_passes=at.passes, pass_sums=sums(c, at))


def loop(c: Inkling2LoopText) -> Loop:
    """As the config says it, in either words. Raises Refusal where the loop isn't of whole sums, or of no layers."""
    stated = c.loop_config or Stated()
    loop = Loop(
        stated.core_start or c.loop_layer_index_start,
        stated.core_end or c.loop_layer_index_end,
        stated.num_passes or c.loop_num_passes,
        stated.gate_rank or c.loop_gate_rank,
    )
    every = "n_layers_per_attn_res_block"
    multiple(loop.start, c.n_layers_per_attn_res_block, ("loop_layer_index_start", every))
    multiple(loop.end, c.n_layers_per_attn_res_block, ("loop_layer_index_end", every))
    at_most(loop.end, c.num_hidden_layers, ("loop_layer_index_end", "num_hidden_layers"))
    if loop.start >= loop.end:
        raise Refusal(
            f"loop_layer_index_start is {loop.start}, expected less than loop_layer_index_end, {loop.end}"
        )
    return loop


def sums(c: Inkling2LoopText, at: Loop) -> int:
    """How many sums a pass makes."""
    return (at.end - at.start) // int(c.n_layers_per_attn_res_block)


def all_passes(c: Inkling2LoopText, at: Loop) -> Iterator[Block]:
    """Every layer as often as it runs: all once, and those of the loop again before those after it."""
    near = whole.layers(c)
    mixers = {local: whole.attends(c, local) for local in (True, False)}
    apart = {local: whole.attends(c, local, apart=True) for local in (True, False)}
    channels = whole.moe(c)
    asks = loop_messages(
        c.hidden_size,
        at.end - at.start,
        sums=sums(c, at),
        names=("middle_cycle_cross_pass_queries", "middle_cycle_cross_pass_kv_queries"),
        eps=whole.SUM_EPS,
    )
    for index in range(at.end):
        block = whole.decoder_layer(c, index, near[index], mixers[near[index]], channels)
        yield ending_layer(block, stored_at(asks, BODY)) if index == at.end - 1 else block
    for turn in range(1, at.passes):
        for index in range(at.start, at.end):
            block = later_layer(c, at, index, near[index], apart[near[index]], channels)
            block = run_again(block, f"{BODY}.layers.{index}")
            block = first_gated(block) if turn == 1 else block
            last = index == at.end - 1 and turn < at.passes - 1
            yield ending_layer(block, run_again(asks, BODY)) if last else block
    for index in range(at.end, int(c.num_hidden_layers)):
        block = whole.decoder_layer(c, index, near[index], mixers[near[index]], channels)
        yield stored_at(block, f"{BODY}.layers.{index}")


def ending_layer(block: Block, asks: Block) -> Block:
    """A layer after which a pass is read by messages, and the stream is again what it was before the loop."""
    return replace(block, inside=(*block.inside, asks))


def later_layer(
    c: Inkling2LoopText, at: Loop, index: int, local: bool, tokens: Block, channels: Block
) -> Block:
    """A layer of a later pass: messages join what it reads, before its norms."""
    width = c.hidden_size
    return layer(
        whole.branch(
            c,
            whole.normed_sum_means(c, "attn_query", f"attn_queries.{index - 1}", 1 if local else 3),
            message_gates("controllers", ("attn", "k", "v"), width, at.rank),
            norm(c, "attn_norm") if local else whole.norms_apart(c),
            tokens,
            short_convolution(c, "attn_sconv", width),
        ),
        whole.branch(
            c,
            whole.normed_sum_means(c, "mlp_query", f"mlp_queries.{index}"),
            message_gate("controllers.mlp", width, at.rank),
            norm(c, "mlp_norm"),
            channels,
            short_convolution(c, "mlp_sconv", width),
        ),
    )


def first_gated(block: Block, within: bool = False) -> Block:
    """A run again whose gates run for the first time: they are its own."""
    gated = within or block.kind == "message_gate"
    tensors = (tensor._replace(tied_to=None) if gated else tensor for tensor in block.tensors)
    inside = (first_gated(part, gated) for part in block.inside)
    return replace(block, tensors=tuple(tensors), inside=tuple(inside))


LOOP = {
    "core_start": "loop_layer_index_start",
    "core_end": "loop_layer_index_end",
    "num_passes": "loop_num_passes",
    "gate_rank": "loop_gate_rank",
}
"""Keys of the loop, in the words of its releases and of the reference."""


def shrink(config: Json, small: dict[str, Any], depth: int) -> None:
    """One sum of layers before the loop, two at most in it and one after it, each of two layers at most."""
    known = defaults("inkling2_loop_text")["defaults"]
    whole = {
        key: config.get(key, known.get(key))
        for key in (*LOOP.values(), "num_hidden_layers", "layer_types")
    }
    stated = config.get("loop_config") or {}
    start, end, passes, rank = (stated.get(one) or whole[other] for one, other in LOOP.items())
    every = config.get("n_layers_per_attn_res_block") or known["n_layers_per_attn_res_block"]
    each, deep, kinds = min(every, 2), whole["num_hidden_layers"], whole["layer_types"]
    if kinds is None:
        kinds = ["hybrid" if (i + 1) % 6 == 0 else "hybrid_sliding" for i in range(deep)]
    ends = [start, *range(start + every, end + 1, every)[:2], *([deep] if deep > end else [])]
    inside = len(ends) - 1 - (deep > end)
    small["layer_types"] = [kind for at in ends for kind in kinds[at - each : at]]
    small["num_hidden_layers"] = len(small["layer_types"])
    small["n_layers_per_attn_res_block"] = each
    sizes = (each, each * (1 + inside), min(passes, 3), min(rank, 6))
    small.pop("loop_config", None)
    words = LOOP.keys() if stated else LOOP.values()
    said = dict(zip(words, sizes, strict=True))
    small.update({"loop_config": said} if stated else said)
