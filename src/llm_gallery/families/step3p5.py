"""Step 3.5: windowed layers with more heads, a gate on each head's output, experts in three stacked tensors beside one shared.

Reference: sglang/srt/models/step3p5.py and step3p5_mtp.py; transformers/models/step3p7 for shapes
Paper: https://arxiv.org/abs/2602.10604
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import known
from llm_gallery.architecture.parts import (
    Heads,
    Positions,
    Shared,
    apart,
    attention,
    gated_mlp,
    group,
    head,
    language_model,
    layer,
    limited_after,
    linear,
    mixture_of_experts,
    residual,
    rms_norm,
    router,
    stack,
    stacked_experts,
    with_settings,
)
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import (
    Depth,
    Few,
    Length,
    Letters,
    Size,
    at_most,
    config,
    multiple,
    stated,
)
from llm_gallery.families._layers import limit_of, sliding
from llm_gallery.families._rope import Rotary, rope
from llm_gallery.families.llama import norm_settings


@config("")
class OtherHeads:
    """The attention of the layers of the other type."""

    attention_type: Literal["sliding_attention"]
    num_attention_heads: Size
    num_attention_groups: Size
    head_dim: Size


OF_THE_PUBLISHED_CODE = (
    "att_impl_type", "max_seq_len", "moe_every_n_layer", "moe_layer_offset", "need_fp32_gate",
    "use_moe",
)  # fmt: skip


@config("step3p5", unused=OF_THE_PUBLISHED_CODE, computes={"offset": 1.0})
class Step35:
    vocab_size: Size
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    max_position_embeddings: Length
    num_attention_heads: Size
    num_attention_groups: Size
    head_dim: Size
    attention_other_setting: OtherHeads
    layer_types: tuple[str, ...]  # one a layer, and one a module that predicts
    sliding_window: Length
    rope_theta: tuple[float, ...]
    partial_rotary_factors: tuple[float, ...]
    rope_scaling: dict[str, object] | None = None
    yarn_only_types: tuple[str, ...] = ()  # the layer types whose context is extended
    use_qk_norm: Literal[True]
    zero_centered: Literal[True] = True  # the serving code adds 1 to the scales of norms
    use_head_wise_attn_gate: bool
    moe_layers_enum: Letters  # the layers with experts, as numbers between commas
    moe_num_experts: Size
    moe_top_k: Size
    moe_intermediate_size: Size
    moe_router_activation: Literal["sigmoid", "softmax"]
    moe_router_scaling_factor: float
    norm_expert_weight: bool
    use_moe_router_bias: bool
    share_expert_dim: Size
    swiglu_limits: tuple[float | None, ...] | None = None
    swiglu_limits_shared: tuple[float | None, ...] | None = None
    num_nextn_predict_layers: Few
    tie_word_embeddings: bool


def step3p5(c: Step35) -> Block:
    sparse = numbered(c.moe_layers_enum)
    layers = [decoder_layer(c, i, i in sparse) for i in range(c.num_hidden_layers)]
    distinct: list[Block] = []
    for block in layers:
        if block not in distinct:
            distinct.append(block)
    shared = [distinct[distinct.index(block)] for block in layers]
    whole = language_model(
        stack("layers", shared),
        vocabulary=c.vocab_size,
        width=c.hidden_size,
        context=c.max_position_embeddings,
        tied=stated(c, "tie_word_embeddings"),
        after=(rms_norm("norm", c.hidden_size),),
        beside=next_token_modules(c),
    )
    return with_settings(whole, **norm_settings(c))


def numbered(text: str) -> frozenset[int]:
    """The numbers of a list that the config keeps as one string."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isascii() and part.isdigit() and len(part) < 5 for part in parts):
        raise Refusal(
            f"moe_layers_enum is {quoted(text)}, expected numbers between commas; correct it"
        )
    return frozenset(map(int, parts))


def decoder_layer(c: Step35, index: int, sparse: bool) -> Block:
    limit = limit_of(c.swiglu_limits, index)
    of_every_token = limit_of(c.swiglu_limits_shared, index)
    channels = (
        moe(c, limit, of_every_token)
        if sparse
        else mlp(c, "mlp", c.intermediate_size, of_every_token)
    )
    return layer(
        residual(rms_norm("input_layernorm", c.hidden_size), grouped_query(c, index)),
        residual(rms_norm("post_attention_layernorm", c.hidden_size), channels),
    )


def grouped_query(c: Step35, index: int) -> Block:
    """Full and windowed layers differ in heads, base and rotated part; each head's output is gated."""
    count = c.num_hidden_layers + c.num_nextn_predict_layers
    local = sliding(c.layer_types, count, ())[index]
    other = c.attention_other_setting
    heads = other.num_attention_heads if local else c.num_attention_heads
    kv_heads = other.num_attention_groups if local else c.num_attention_groups
    dim = other.head_dim if local else c.head_dim
    multiple(heads, kv_heads, ("num_attention_heads", "num_attention_groups"))
    width = c.hidden_size
    inside = [
        linear("q_proj", width, heads * dim, role="query"),
        linear("k_proj", width, kv_heads * dim, role="key"),
        linear("v_proj", width, kv_heads * dim, role="value"),
        linear("o_proj", heads * dim, width, role="output"),
        rms_norm("q_norm", dim, role="query_norm"),
        rms_norm("k_norm", dim, role="key_norm"),
    ]
    if c.use_head_wise_attn_gate:
        inside.append(linear("g_proj", width, heads, role="gate"))
    return attention(
        "self_attn",
        heads=Heads(heads, kv_heads, dim),
        positions=positions(c, index, dim, c.layer_types[index]),
        inside=inside,
        window=c.sliding_window if local else None,
        qk_norm="per head",
        gate="sigmoid" if c.use_head_wise_attn_gate else None,
    )


def positions(c: Step35, index: int, dim: int, kind: str) -> Positions:
    """A base and a rotated part for each layer; the context is extended for some types alone."""
    for key, values in (
        ("rope_theta", c.rope_theta),
        ("partial_rotary_factors", c.partial_rotary_factors),
    ):
        if index >= len(values):
            raise Refusal(
                f"{key} lists {len(values)} layers, expected one for layer {index}; add it"
            )
    return rope(
        Rotary(
            rope_theta=known(c.rope_theta[index], "stated", "rope_theta"),
            partial_rotary_factor=c.partial_rotary_factors[index],
            rope_scaling=c.rope_scaling,
        ),
        dim,
        scaled=kind in c.yarn_only_types,
    )


def mlp(c: Step35, name: str, inner: int, limit: float | None) -> Block:
    return limited_after(
        gated_mlp(name, width=c.hidden_size, inner=inner, activation="silu", limit=limit)
    )


def moe(c: Step35, limit: float | None, of_every_token: float | None) -> Block:
    at_most(c.moe_top_k, c.moe_num_experts, ("moe_top_k", "moe_num_experts"))
    return mixture_of_experts(
        "",
        router=router(
            "moe.gate",
            width=c.hidden_size,
            experts=c.moe_num_experts,
            beside="moe.router_bias" if c.use_moe_router_bias else None,
        ),
        experts=limited_after(
            stacked_experts(
                "moe",
                stored=c.moe_num_experts,
                used=c.moe_top_k,
                width=c.hidden_size,
                inner=c.moe_intermediate_size,
                activation="silu",
                limit=limit,
                names=("gate_proj.weight", "up_proj.weight", "down_proj.weight"),
                outputs_first=True,
            )
        ),
        shared=Shared(mlp(c, "share_expert", c.share_expert_dim, of_every_token)),
        scoring=c.moe_router_activation,
        scale=c.moe_router_scaling_factor,
        normalized=stated(c, "norm_expert_weight"),
    )


def next_token_modules(c: Step35) -> Sequence[Block]:
    """Dense layers after the last, each with a norm and a head of its own."""
    width = c.hidden_size
    first = c.num_hidden_layers
    return [
        apart(
            "multi_token_prediction",
            f"model.layers.{index}",
            (
                rms_norm("enorm", width, role="token_norm"),
                rms_norm("hnorm", width, role="stream_norm"),
                linear("eh_proj", 2 * width, width, role="join"),
                decoder_layer(c, index, False),
                group(
                    "shared_head",
                    rms_norm("norm", width),
                    head("output", c.vocab_size, width),
                ),
            ),
        )
        for index in range(first, first + c.num_nextn_predict_layers)
    ]
