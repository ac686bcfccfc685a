"""Dory: a normalized transformer (nGPT), whose vectors have length 1, and whose middle layers run several times from what the first ones gave.

The release stores each layer as two, attention and MLP, and counts them so; described are the reference's layers of both.

Every pass keeps keys and values of its own. `recurrent_kv_cache_mode` `last_loop` makes scores depend on how a text
is cut, so that it is counted and doesn't run.

Reference: transformers/models/dory/modular_dory.py
Paper: https://arxiv.org/abs/2611.03998, https://arxiv.org/abs/2410.01131
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal, NamedTuple

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.kinds import LEARNED_RATES
from llm_gallery.architecture.parts import (
    Head,
    Names,
    connection,
    facts,
    group,
    l2_norm,
    layer,
    linear,
    loop_input,
    renamed,
    residual,
    run_again,
    stack,
    stored_at,
    with_settings,
)
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import (
    Count,
    Depth,
    Divisor,
    Json,
    Length,
    Passes,
    config,
    defaults,
    multiple,
    per_layer,
)
from llm_gallery.families._layers import every_nth, sliding
from llm_gallery.families._rope import rope
from llm_gallery.families._saved import Saved
from llm_gallery.families.llama import Gate, Llama, decoder, grouped_query, head_dim, swiglu

EPS = 1e-6
"""Of all norms, beside the squared length."""
UNSETTLED = "earlier passes read what the last one kept of tokens before, so that a text's scores depend on how it is cut"


HALVES = {
    "self_attn": (0, "mixer"),
    "lambda_1": (0, "attn_alpha"),
    "mlp": (1, "mixer"),
    "lambda_2": (1, "mlp_alpha"),
}
"""In which of two stored layers a part of each stands, and its name there."""


@config("dory", computes={"eps": EPS}, saved=Saved(halves=HALVES))
class Dory(Llama):
    layer_types: tuple[str, ...] | None
    sliding_window: Length
    initializer_range: Divisor
    ngpt_alpha_init: float
    n_input_layers: Count
    n_recurrent_layers: Depth | None
    n_output_layers: Count
    n_recurrent_loops: Passes
    recurrent_kv_cache_mode: Literal["per_loop", "last_loop"]


class Sections(NamedTuple):
    """Layers before the loop, in it and after it, and for each of them whether it sees a window."""

    first: int
    again: int
    last: int
    local: list[bool]


def dory(c: Dory) -> Block:
    at = sections(c)
    added_facts = facts(loop_passes=c.n_recurrent_loops if c.n_recurrent_loops > 1 else None)
    model = stack("layers", [*all_passes(c, at)], residual=LEARNED_RATES)
    return decoder(
        c,
        replace(model, facts={**model.facts, **added_facts}),
        Names("backbone", "embeddings", "lm_head"),
        after=(l2_norm("norm", c.hidden_size),),
        head=Head(scales=c.initializer_range),
    )


def sections(c: Dory) -> Sections:
    """The parts of the stack. Raises Refusal where their layers aren't all, or a list pairs no attention with an MLP."""
    total, kinds, each = c.num_hidden_layers, c.layer_types, 1
    per_layer(kinds, total, "layer_types")
    if kinds is not None and "mlp" in kinds:
        each = 2
        multiple(total, each, ("num_hidden_layers", "an attention and an MLP"))
        if any((kind == "mlp") != (i % 2 == 1) for i, kind in enumerate(kinds)):
            raise Refusal(
                "layer_types names mlp elsewhere than after each attention; list them in turn, attention first"
            )
        kinds = kinds[::2]
    count = total // each
    first, last = c.n_input_layers // each, c.n_output_layers // each
    again = count - first - last
    if c.n_recurrent_layers is not None:
        again = c.n_recurrent_layers // each
    if again < 1 or first + again + last != count:
        raise Refusal(
            f"n_input_layers, n_recurrent_layers and n_output_layers are {first}, {again} and {last}, expected "
            f"to sum to {count} (num_hidden_layers) with at least one that runs again; make them agree"
        )
    return Sections(first, again, last, sliding(kinds, count, every_nth(4, count)))


def all_passes(c: Dory, at: Sections) -> Iterator[Block]:
    """Every layer as often as it runs: those of the loop from the sum of what came before it and of the last pass."""
    plain = {local: decoder_layer(c, local) for local in {*at.local}}
    looped = plain
    if c.recurrent_kv_cache_mode == "last_loop":
        looped = {local: decoder_layer(c, local, reads_last_pass=True) for local in {*at.local}}
    start, end = at.first, at.first + at.again
    for index in range(start):
        yield placed(plain[at.local[index]], index)
    for turn in range(c.n_recurrent_loops):
        blocks = plain if turn == c.n_recurrent_loops - 1 else looped
        for index in range(start, end):
            block = placed(blocks[at.local[index]], index, again=turn > 0)
            if index == start:
                loop_start = with_settings(loop_input(), begins=True) if turn == 0 else loop_input()
                begin = group("", l2_norm("", c.hidden_size), loop_start)
                block = replace(block, inside=(begin, *block.inside))
            yield block
    for index in range(end, end + at.last):
        yield placed(plain[at.local[index]], index)


def placed(block: Block, index: int, *, again: bool = False) -> Block:
    """A layer whose attention and MLP a checkpoint stores as two blocks."""
    elsewhere = run_again if again else stored_at
    before, tokens, between, channels = block.inside
    first, second = (
        renamed(elsewhere(part, f"backbone.layers.{2 * index + place}"), {"mixer": name})
        for place, (name, part) in enumerate((("self_attn", tokens), ("mlp", channels)))
    )
    return replace(block, inside=(before, first, between, second))


def decoder_layer(c: Dory, local: bool, *, reads_last_pass: bool = False) -> Block:
    """The stream is brought to length 1 before each branch, and moves towards what that gives, brought to it too."""
    width = c.hidden_size
    return layer(
        l2_norm("", width),
        residual(
            attention(c, local, reads_last_pass=reads_last_pass),
            l2_norm("", width),
            rate(c, "attn_alpha"),
        ),
        l2_norm("", width),
        residual(mlp(c), l2_norm("", width), rate(c, "mlp_alpha")),
    )


def rate(c: Dory, name: str) -> Block:
    """x + |a| (y - x): for each channel how far the stream moves, a learned number times what makes its start `ngpt_alpha_init`."""
    tensor = Tensor(name, (int(c.hidden_size),), role="rate")
    return with_settings(
        connection("", own=[tensor]), rate_unit=c.ngpt_alpha_init / c.initializer_range
    )


def attention(c: Dory, local: bool, *, reads_last_pass: bool) -> Block:
    """Queries and keys of length 1, queries and gates times squared learned numbers, and a norm of what the gate leaves."""
    dim, width = head_dim(c), c.hidden_size
    wide = int(c.num_attention_heads * dim)
    kind = "sliding_attention" if local else "full_attention"
    rotation = c.rope_parameters or {}  # absent or null, the class fills in one of each kind
    if not isinstance(rotation.get(kind), Mapping):
        raise Refusal(
            f"rope_parameters has no {kind}, expected an object for each kind of layer; add it"
        )
    mixer = grouped_query(
        c,
        qk_norm="unit length",
        window=c.sliding_window if local else None,
        positions=rope(c, dim, layer_type=kind),
        gate=Gate(linear("g_proj", width, wide, role="gate")),
    )
    added_facts = facts(
        squared_scales=True, gated_norm=True, reads_last_pass=reads_last_pass or None
    )
    mixer = replace(
        mixer,
        name="mixer",
        facts={**mixer.facts, **added_facts},
        tensors=(
            Tensor("sqk", (wide,), role="query_scales"),
            Tensor("s_gate", (wide,), role="gate_scales"),
        ),
        inside=(*mixer.inside, l2_norm("attn_sub_norm", wide, role="gated_norm")),
    )
    unit = c.initializer_range
    mixer = with_settings(mixer, query_unit=dim**0.5 / unit, gate_unit=width**0.25 / unit)
    return with_settings(mixer, unknown=UNSETTLED) if reads_last_pass else mixer


def mlp(c: Dory) -> Block:
    """SwiGLU whose gate and up are times learned numbers, with a norm before the last matrix."""
    block, inner = swiglu(c, "mixer"), int(c.intermediate_size)
    added_tensors = (
        Tensor("suv_gate", (inner,), role="gate_scales"),
        Tensor("suv_up", (inner,), role="up_scales"),
    )
    norm = l2_norm("ffn_sub_norm", inner, role="inner_norm")
    block = replace(
        block,
        facts={**block.facts, **facts(inner_norm=True, scaled_inner=True)},
        tensors=added_tensors,
        inside=(*block.inside, norm),
    )
    return with_settings(block, scale_unit=c.hidden_size**0.5)


def shrink(config: Json, small: dict[str, Any], depth: int) -> None:
    """Two layers at most before the loop, in it and after it, the last of each; three passes at most.

    Learned scales are drawn about 1, so that they are over 1, too: over what a release begins them with, they'd
    make scores of which rounding leaves few digits.
    """
    small["initializer_range"] = 1.0
    known = defaults("dory")["defaults"]
    keys = (
        "num_hidden_layers",
        "n_input_layers",
        "n_recurrent_layers",
        "n_output_layers",
        "layer_types",
    )
    deep, first, again, last, kinds = (config.get(key, known[key]) for key in keys)
    each = 2 if kinds and "mlp" in kinds else 1
    deep, first, last = deep // each, first // each, last // each
    again = deep - first - last if again is None else again // each
    if kinds is None:
        kinds = ["sliding_attention" if (i + 1) % 4 else "full_attention" for i in range(deep)]
    ends = (first, first + again, deep)
    counts = [min(count, 2) for count in (first, again, last)]
    small["layer_types"] = [
        kind
        for end, count in zip(ends, counts, strict=True)
        for kind in kinds[::each][end - count : end]
    ]
    small |= dict(zip(keys[1:4], counts, strict=True)) | {"num_hidden_layers": sum(counts)}
    passes = config.get("n_recurrent_loops", known["n_recurrent_loops"])
    small["n_recurrent_loops"] = min(passes, 3)
