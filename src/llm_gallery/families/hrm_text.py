"""HRM-Text: two modules of Llama's layers with gated attention, one fast and one slow, that read each other's state.

A low run reads the sum of both states and renews the low one; after several of them a high run renews the
high one, and so on for some cycles. Here a stack holds one cycle: each low run after the first has the
weights of the first. Norms learn nothing, and end each run.

Reference: transformers/models/hrm_text/modular_hrm_text.py
Paper: https://arxiv.org/abs/2506.21734
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Heads,
    attention,
    facts,
    group,
    layer,
    linear,
    residual,
    rms_norm,
    run_again,
    stack,
    state_sum,
    stored_at,
)
from llm_gallery.families._config import Depth, Divisor, Json, Passes, Size, config, multiple
from llm_gallery.families._rope import rope
from llm_gallery.families.llama import Llama, decoder, head_dim
from llm_gallery.families.phi3 import fused_mlp


@config("hrm_text", unused=("L_bp_cycles", "num_key_value_heads", "prefix_lm"))
class HrmText(Llama):
    num_key_value_heads: Size | None = None  # as many as queries, whatever a config says
    num_layers_per_stack: Depth | None
    H_cycles: Passes
    L_cycles: Passes
    embedding_scale: float | None
    initializer_range: Divisor
    attention_bias: Literal[False]  # true in no release, whose matrices hold several maps each
    mlp_bias: Literal[False]


def hrm_text(c: HrmText) -> Block:
    model = decoder(
        c,
        stack("layers", [*one_cycle(c)], passes=c.H_cycles, pass_norm=True),
        after=(final_norm(c),),  # which ends each high run, also the last one
        embedding_scale=scale(c),
    )
    return replace(model, facts={**model.facts, **facts(low_runs=c.L_cycles)})


def per_stack(c: HrmText) -> int:
    """Layers of each module; a saved config counts in num_hidden_layers how many keep keys of their own."""
    return c.num_hidden_layers if c.num_layers_per_stack is None else c.num_layers_per_stack


def scale(c: HrmText) -> float:
    """What multiplies the embedding."""
    if c.embedding_scale is not None:
        return c.embedding_scale
    return derived(1 / c.initializer_range, "1 / initializer_range")


def one_cycle(c: HrmText) -> Iterator[Block]:
    """Low runs that share their weights, and a high one."""
    count, block = per_stack(c), gated(c)
    begin = state_sum("high", Tensor("z_L_init", (c.hidden_size,), role="start"))
    begin = stored_at(begin, "model")
    for run in range(c.L_cycles):
        for index in range(count):
            place = f"model.L_module.layers.{index}"
            layer_block = run_again(block, place) if run else stored_at(block, place)
            if run == index == 0:
                layer_block = replace(layer_block, inside=(begin, *layer_block.inside))
            if index == count - 1:
                layer_block = replace(
                    layer_block,
                    inside=(*layer_block.inside, group("", final_norm(c), state_sum("low"))),
                )
            yield layer_block
    for index in range(count):
        yield stored_at(block, f"model.H_module.layers.{index}")


def gated(c: HrmText) -> Block:
    """A pre-norm layer whose norms learn nothing; gate, q, k and v are rows of one matrix."""
    width, heads, dim = c.hidden_size, c.num_attention_heads, head_dim(c)
    multiple(width, heads, ("hidden_size", "num_attention_heads"))
    packed = ("gate", "query", "key", "value")
    wide = heads * dim
    tokens = attention(
        "attn",
        heads=Heads(heads, heads, dim),
        positions=rope(c, dim),
        inside=[
            linear("gqkv_proj", width, 4 * wide, role=packed, rows=[wide] * 4),
            linear("o_proj", wide, width, role="output"),
        ],
        gate="sigmoid",
        bias=False,
    )
    return layer(
        residual(rms_norm("input_layernorm", width, learned=False), tokens),
        residual(rms_norm("post_attention_layernorm", width, learned=False), fused_mlp(c)),
    )


def final_norm(c: HrmText) -> Block:
    """The norm at the end of each run."""
    return rms_norm("final_norm", c.hidden_size, learned=False)


def shrink(config: Json, small: dict[str, Any], depth: int) -> None:
    """The depth is that of one module, or of all runs."""
    small["num_hidden_layers"] = min(depth, 2)
    small.pop("num_layers_per_stack", None)
