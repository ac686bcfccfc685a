"""CPM-Ant: attention with a learned bias for distances, one table for all layers, behind a prompt of learned tokens.

The text that is given is read both ways; what is written sees what stands before it.

Reference: transformers/models/cpmant/modeling_cpmant.py
Model: https://huggingface.co/openbmb/cpm-ant-10b
"""

from __future__ import annotations

from typing import Annotated

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived, fact
from llm_gallery.architecture.parts import (
    Heads,
    Positions,
    attention,
    behind_a_prompt,
    embedding,
    facts,
    gated_mlp,
    group,
    head,
    layer,
    linear,
    position_bias,
    residual,
    rms_norm,
    segment_embedding,
    stack,
    with_settings,
)
from llm_gallery.families._config import Count, Depth, Size, at_most, config
from llm_gallery.families._values import Bounds

Third = Annotated[int, Bounds(3, 1024)]
"""A number of kinds of which the class uses the third: of its prompts, and of its segments."""
Buckets = Annotated[int, Bounds(4, 2**24)]
"""Ranges of distances, half of them for tokens before and half for those after."""
PADDING = 0
"""The token whose places the class takes from a text's first ones."""


@config("cpmant", unused=("dropout_p", "init_std", "tie_word_embeddings"))
class CpmAnt:
    vocab_size: Size
    hidden_size: Size
    num_attention_heads: Size
    dim_head: Size
    dim_ff: Size
    num_hidden_layers: Depth
    position_bias_num_buckets: Buckets
    position_bias_max_distance: Size
    prompt_types: Third
    prompt_length: Count
    segment_types: Third
    eps: float


def cpmant(c: CpmAnt) -> Block:
    width = c.hidden_size
    rows = derived(
        c.vocab_size + c.prompt_types * c.prompt_length, "vocab_size + prompt_types x prompt_length"
    )
    prompt = (c.vocab_size + 2 * c.prompt_length, c.prompt_length)  # of several, the third
    decoder_layer = layer(
        residual(rms_norm("self_att.layernorm_before_attention", width), multi_head(c)),
        residual(rms_norm("ffn.layernorm_before_ffn", width), mlp(c)),
    )
    body = group(
        "cpmant",
        with_settings(embedding("input_embedding", rows, width), prompt=prompt),
        with_settings(
            segment_embedding("segment_embedding", c.segment_types, width, padding=PADDING),
            before=c.prompt_length,
        ),
        with_settings(biases(c), before=c.prompt_length),
        stack("encoder.layers", [decoder_layer] * c.num_hidden_layers),
        rms_norm("encoder.output_layernorm", width),
    )
    slots = facts(width=width, vocabulary=c.vocab_size, tied=False)
    scores = head("lm_head", c.vocab_size, width, tied=fact(False))
    return Block("language_model", "", slots, (), (body, scores), settings={"eps": c.eps})


def biases(c: CpmAnt) -> Block:
    """Half of the buckets are for each direction, and half of those for single distances."""
    alone = c.position_bias_num_buckets // 4
    at_most(
        alone + 1,
        c.position_bias_max_distance,
        ("position_bias_num_buckets / 4 + 1", "position_bias_max_distance"),
    )
    return position_bias(
        "position_bias",
        buckets=c.position_bias_num_buckets,
        farthest=c.position_bias_max_distance,
        segments=c.segment_types,
        heads=c.num_attention_heads,
    )


def multi_head(c: CpmAnt) -> Block:
    width, heads = c.hidden_size, c.num_attention_heads
    inner = heads * c.dim_head
    mixer = attention(
        "self_att.self_attention",
        heads=Heads(heads, heads, c.dim_head),
        positions=Positions(kind="relative"),
        inside=(
            linear("project_q", width, inner, role="query"),
            linear("project_k", width, inner, role="key"),
            linear("project_v", width, inner, role="value"),
            linear("attention_out", inner, width, role="output"),
        ),
    )
    return with_settings(behind_a_prompt(mixer, c.prompt_length), shared_bias=True)


def mlp(c: CpmAnt) -> Block:
    names = ("w_in.w_0", "w_in.w_1", "w_out")
    return gated_mlp("ffn.ffn", width=c.hidden_size, inner=c.dim_ff, activation="gelu", names=names)
